package digest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// scale is how many dots a pixel of the letter has, for sharp text on sharp screens.
const scale = 2

var (
	ink    = color.RGBA{0x1f, 0x23, 0x28, 0xff}
	quiet  = color.RGBA{0x57, 0x60, 0x6a, 0xff}
	faint  = color.RGBA{0xea, 0xee, 0xf2, 0xff}
	accent = color.RGBA{0x1f, 0x6f, 0xeb, 0xff}
	past   = color.RGBA{0xaf, 0xb8, 0xc1, 0xff} // the period before
)

// canvas is a picture under way; lengths are in pixels of the letter.
type canvas struct {
	img  *image.RGBA
	face font.Face
}

func newCanvas(width, height float64) (*canvas, error) {
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 12 * scale, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return nil, fmt.Errorf("read font: %w", err)
	}
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, int(width*scale), int(height*scale))), face: face}
	draw.Draw(c.img, c.img.Bounds(), image.White, image.Point{}, draw.Src)
	return c, nil
}

func (c *canvas) png() ([]byte, error) {
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, c.img); err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return b.Bytes(), nil
}

func (c *canvas) rect(x, y, w, h float64, fill color.Color) {
	r := image.Rect(int(x*scale+0.5), int(y*scale+0.5), int((x+w)*scale+0.5), int((y+h)*scale+0.5))
	draw.Draw(c.img, r, image.NewUniform(fill), image.Point{}, draw.Src)
}

// point is a place in the picture.
type point struct{ x, y float64 }

// line joins points, width pixels wide.
func (c *canvas) line(points []point, width float64, stroke color.Color) {
	size := c.img.Bounds().Size()
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		nx, ny := normal(a, b, width/2)
		r := vector.NewRasterizer(size.X, size.Y)
		for n, p := range []point{{a.x + nx, a.y + ny}, {b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}} {
			if n == 0 {
				r.MoveTo(float32(p.x*scale), float32(p.y*scale))
			} else {
				r.LineTo(float32(p.x*scale), float32(p.y*scale))
			}
		}
		r.ClosePath()
		r.Draw(c.img, c.img.Bounds(), image.NewUniform(stroke), image.Point{})
	}
}

// anchor says which end of a text stands at its x.
type anchor float64

const (
	left   anchor = 0
	middle anchor = 0.5
	right  anchor = 1
)

// text writes on the line whose middle is y.
func (c *canvas) text(x, y float64, a anchor, s string, in color.Color) {
	d := font.Drawer{Dst: c.img, Src: image.NewUniform(in), Face: c.face}
	d.Dot = fixed.Point26_6{X: fixed.Int26_6((x*scale - c.width(s)*scale*float64(a)) * 64), Y: fixed.Int26_6((y + 4) * scale * 64)}
	d.DrawString(s)
}

func (c *canvas) width(s string) float64 { return float64(font.MeasureString(c.face, s)) / 64 / scale }

// fit shortens a text to a width.
func (c *canvas) fit(s string, width float64) string {
	if c.width(s) <= width {
		return s
	}
	r := []rune(s)
	for len(r) > 1 && c.width(string(r)+"…") > width {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}
