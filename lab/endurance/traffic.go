package main

import (
	"context"
	"fmt"
	"time"

	"github.com/callweave/callweave/lab/pbx"
	"github.com/callweave/callweave/lab/phone"
)

// kindOfCall is something that people do, as often as its weight is.
type kindOfCall struct {
	weight int
	two    bool // needs two PBXs
	do     func(context.Context, *office, *chance)
}

// repertoire is what a day at the office is made of.
var repertoire = []kindOfCall{
	{weight: 14, do: inboundTo("74950000600", "74950000600", "74950000602", "74950000605", "74950000603")},
	{weight: 4, do: inboundTo("74950000610", "74950000611", "74950000612")},
	{weight: 6, do: abandoned},
	{weight: 6, do: inboundTo("74950000101", "74950000104", "74950000108", "74950005106")},
	{weight: 4, do: inboundTo("74950000300", "74950000301", "74950000302")},
	{weight: 4, do: menu("6", "9", "4", "1")},
	{weight: 2, do: inboundTo("74950000800")},
	{weight: 8, do: internal},
	{weight: 8, do: outbound},
	{weight: 3, do: service},
	{weight: 3, do: pickup},
	{weight: 3, do: clickToCall},
	{weight: 3, do: conference},
	{weight: 4, two: true, do: menu("2", "3")},
	{weight: 5, two: true, do: inboundTo("74950009600", "74950008602", "74950009104")},
	{weight: 5, two: true, do: crossing},
}

// begin has something happen and returns when it is over.
func (o *office) begin(ctx context.Context, c *chance) {
	total := 0
	for _, k := range repertoire {
		if !k.two || len(o.pbxs) > 1 {
			total += k.weight
		}
	}
	n := c.below(total)
	for _, k := range repertoire {
		if k.two && len(o.pbxs) < 2 {
			continue
		}
		if n -= k.weight; n < 0 {
			k.do(ctx, o, c)
			return
		}
	}
}

// call makes a phone call, and counts it.
func (o *office) call(ctx context.Context, p *phone.Phone, d phone.Dial) (*phone.Call, error) {
	o.mu.Lock()
	o.dialed++
	o.mu.Unlock()
	return p.Call(ctx, d)
}

func (o *office) calls() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.dialed
}

// caller is the number of somebody outside. A few call often.
func caller(c *chance) string {
	if c.in(8) {
		return fmt.Sprintf("7916000000%d", c.below(5))
	}
	return fmt.Sprintf("7916%07d", 100_000+c.below(9_000_000))
}

func inboundTo(numbers ...string) func(context.Context, *office, *chance) {
	return func(ctx context.Context, o *office, c *chance) {
		o.outside.visit(ctx, pick(c, o.pbxs), caller(c), pick(c, numbers), "", c.between(6*time.Second, 45*time.Second))
	}
}

func abandoned(ctx context.Context, o *office, c *chance) {
	o.outside.visit(ctx, pick(c, o.pbxs), caller(c), "74950000606", "", c.between(1500*time.Millisecond, 9*time.Second))
}

func menu(digits ...string) func(context.Context, *office, *chance) {
	return func(ctx context.Context, o *office, c *chance) {
		o.outside.visit(ctx, pick(c, o.pbxs), caller(c), "74950000700", pick(c, digits), c.between(8*time.Second, 30*time.Second))
	}
}

func internal(ctx context.Context, o *office, c *chance) {
	w := pick(c, o.staff)
	w.talkTo(ctx, pick(c, []string{w.colleague(), w.colleague(), w.colleague(), "300", "600", "5" + w.colleague()}))
}

func outbound(ctx context.Context, o *office, c *chance) {
	pick(c, o.staff).talkTo(ctx, fmt.Sprintf("7926%07d", c.below(10_000_000)))
}

func crossing(ctx context.Context, o *office, c *chance) {
	w := pick(c, o.staff)
	w.talkTo(ctx, pick(c, []string{"99", "98"})+pick(c, []string{w.colleague(), w.colleague(), "600", "602"}))
}

// service is what operators do with codes: log in to a queue and out, pause.
func service(ctx context.Context, o *office, c *chance) {
	pick(c, o.staff).talkTo(ctx, pick(c, []string{"*45601", "*46601", "*45602", "*474", "*48"}))
}

// pickup takes a call that rings at a colleague's, if there is one.
func pickup(ctx context.Context, o *office, c *chance) {
	w := pick(c, o.staff)
	w.talkTo(ctx, pick(c, []string{"*8", "**" + w.colleague()}))
}

func conference(ctx context.Context, o *office, c *chance) {
	pick(c, o.staff).talkTo(ctx, pick(c, []string{"800", "801"}))
}

// clickToCall is an application that calls an operator and then a number.
func clickToCall(ctx context.Context, o *office, c *chance) {
	w := pick(c, o.staff)
	m, err := pbx.Dial(ctx, w.pbx.AMI(), "driver", "driver")
	if err != nil {
		return
	}
	defer m.Close()
	number := fmt.Sprintf("7926%07d", c.below(10_000_000))
	if c.in(3) {
		number = w.colleague()
	}
	_, _ = m.Action(ctx, "Originate", "Channel", "PJSIP/"+w.User, "Context", "click", "Exten", number, "Priority", "1",
		"CallerID", "Click "+number+" <"+number+">", "Timeout", "10000", "Async", "true", "Variable", "CLICK=1")
}
