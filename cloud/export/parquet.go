package export

import (
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
)

// parquetRows is how many rows are gathered before they are written: what a reader reads at once, and what is in memory.
const parquetRows = 50_000

// parquetWriter writes columns under their ids, all of them optional: durations are whole milliseconds, moments timestamps
// in UTC, shares parts of one. What there is to say about the file is in its key-value metadata.
type parquetWriter struct {
	w       *parquet.GenericWriter[any]
	columns []Column
	zone    *time.Location
	row     parquet.Row
}

func newParquet(out io.Writer, l Layout) (Writer, error) {
	if len(l.Sheets) != 1 {
		return nil, fmt.Errorf("write parquet: it holds one table, not %d", len(l.Sheets))
	}
	columns := l.Sheets[0].Columns
	group := ordered{Group: parquet.Group{}}
	for _, c := range columns {
		one := parquet.Group{c.ID: parquet.Compressed(parquet.Optional(parquetNode(c.Kind)), &parquet.Zstd)}
		group.Group[c.ID] = one[c.ID]
		group.fields = append(group.fields, one.Fields()...)
	}
	schema := parquet.NewSchema("callweave", group)
	options := []parquet.WriterOption{schema, parquet.MaxRowsPerRowGroup(parquetRows), parquet.CreatedBy("callweave", "", "")}
	for i, f := range l.About {
		options = append(options, parquet.KeyValueMetadata(fmt.Sprintf("callweave.%03d", i), f.Name+"\t"+f.Text))
	}
	return &parquetWriter{w: parquet.NewGenericWriter[any](out, options...), columns: columns, zone: l.Zone}, nil
}

func parquetNode(k Kind) parquet.Node {
	switch k {
	case Text:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	case Count, Duration:
		return parquet.Int(64)
	case Moment:
		return parquet.Timestamp(parquet.Millisecond)
	case Day:
		return parquet.Date()
	}
	return parquet.Leaf(parquet.DoubleType)
}

func (p *parquetWriter) Row(_ int, cells []Cell) error {
	p.row = p.row[:0]
	for i, c := range cells {
		v := parquet.NullValue()
		level := 0
		if c.Set {
			v, level = p.value(p.columns[i].Kind, c), 1
		}
		p.row = append(p.row, v.Level(0, level, i))
	}
	if _, err := p.w.WriteRows([]parquet.Row{p.row}); err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

func (p *parquetWriter) value(k Kind, c Cell) parquet.Value {
	switch k {
	case Text:
		return parquet.ByteArrayValue([]byte(c.Text))
	case Count, Duration, Moment:
		return parquet.Int64Value(int64(c.Number))
	case Day:
		return parquet.Int32Value(int32(local(c.Number, p.zone) / msOfDay))
	}
	return parquet.DoubleValue(c.Number)
}

// Totals are left out: a program that adds the column up would count everything twice.
func (*parquetWriter) Totals(int, []Cell) error { return nil }

func (p *parquetWriter) Close() error {
	if err := p.w.Close(); err != nil {
		return fmt.Errorf("write parquet: %w", err)
	}
	return nil
}

func (*parquetWriter) Discard() {}

// ordered is a group whose fields stay in the order of the table, where parquet.Group sorts them by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

func (o ordered) Fields() []parquet.Field { return o.fields }
