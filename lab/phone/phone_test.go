package phone

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// couple opens two phones that call each other directly, without a PBX.
func couple(t *testing.T) (a, b *Phone) {
	t.Helper()
	net := fmt.Sprintf("127.%d.%d.", 1+rand.IntN(250), rand.IntN(250))
	a = open(t, Config{User: "101", IP: net + "1", PBX: net + "2:5060"})
	b = open(t, Config{User: "102", IP: net + "2", PBX: net + "1:5060"})
	return a, b
}

func open(t *testing.T, c Config) *Phone {
	t.Helper()
	p, err := Listen(c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func limited(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// must stops a test at the first step that fails.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fate is a life without its times.
type fate struct {
	Incoming       bool
	From, Number   string
	Rang, Answered bool
	Code           int
	EndedBy        string
	Holds          int
}

func fateOf(c *Call) fate {
	l := c.Life()
	return fate{l.Incoming, l.From, l.Number, !l.Ringing.IsZero(), !l.Up.IsZero(), l.Code, l.EndedBy, len(l.Holds)}
}

func TestBothEndsRememberHowACallWent(t *testing.T) {
	for _, c := range []struct {
		name    string
		rule    Rule
		then    func(ctx context.Context, out, in *Call) error
		out, in fate
	}{
		{
			name: "caller hangs up", rule: AnswerAfter(50 * time.Millisecond),
			then: func(ctx context.Context, out, _ *Call) error { return out.Hangup(ctx) },
			out:  fate{Rang: true, Answered: true, EndedBy: ByPhone}, in: fate{Rang: true, Answered: true, EndedBy: ByPBX},
		},
		{
			name: "called one hangs up", rule: AnswerAfter(50 * time.Millisecond),
			then: func(ctx context.Context, _, in *Call) error { return in.Hangup(ctx) },
			out:  fate{Rang: true, Answered: true, EndedBy: ByPBX}, in: fate{Rang: true, Answered: true, EndedBy: ByPhone},
		},
		{
			name: "busy", rule: Busy(),
			out: fate{Code: 486, EndedBy: ByPBX}, in: fate{Code: 486, EndedBy: ByPhone},
		},
		{
			name: "declined", rule: DeclineAfter(20 * time.Millisecond),
			out: fate{Rang: true, Code: 603, EndedBy: ByPBX}, in: fate{Rang: true, Code: 603, EndedBy: ByPhone},
		},
		{
			name: "redirected", rule: Redirect("104"),
			out: fate{Code: 302, EndedBy: ByPBX}, in: fate{Code: 302, EndedBy: ByPhone},
		},
		{
			name: "cancelled", rule: Ring(),
			then: func(ctx context.Context, out, _ *Call) error { return out.Hangup(ctx) },
			out:  fate{Rang: true, Code: 487, EndedBy: ByPhone}, in: fate{Rang: true, Code: 487, EndedBy: ByPBX},
		},
		{
			name: "held", rule: AnswerAfter(50 * time.Millisecond),
			then: func(ctx context.Context, out, in *Call) error {
				for _, step := range []func(context.Context) error{in.Hold, in.Unhold, in.Hold, out.Hangup} {
					if err := step(ctx); err != nil {
						return err
					}
				}
				return nil
			},
			out: fate{Rang: true, Answered: true, EndedBy: ByPhone}, in: fate{Rang: true, Answered: true, EndedBy: ByPBX, Holds: 2},
		},
		{
			name: "digits", rule: AnswerAfter(50 * time.Millisecond),
			then: func(ctx context.Context, out, _ *Call) error {
				if err := out.DTMF(ctx, "1"); err != nil {
					return err
				}
				return out.Hangup(ctx)
			},
			out: fate{Rang: true, Answered: true, EndedBy: ByPhone}, in: fate{Rang: true, Answered: true, EndedBy: ByPBX},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, b := couple(t)
			b.Do(c.rule)
			out, err := a.Call(limited(t), Dial{Number: "102"})
			must(t, err)
			in, err := b.Incoming(limited(t), 0)
			must(t, err)
			if c.out.Answered {
				must(t, out.WaitUp(limited(t)))
				must(t, in.WaitUp(limited(t)))
			}
			if c.then != nil {
				must(t, c.then(limited(t), out, in))
			}
			must(t, out.WaitEnd(limited(t)))
			must(t, in.WaitEnd(limited(t)))
			c.out.From, c.out.Number, c.in.From, c.in.Number, c.in.Incoming = "101", "102", "101", "102", true
			if diff := cmp.Diff([]fate{c.out, c.in}, []fate{fateOf(out), fateOf(in)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARuleDecidesCallByCall(t *testing.T) {
	a, b := couple(t)
	b.Decide(func(c *Call) Rule {
		if c.From() == "79161234501" {
			return AnswerAfter(0)
		}
		return Busy()
	})
	refused, err := a.Call(limited(t), Dial{Number: "102"})
	must(t, err)
	if err := refused.WaitUp(limited(t)); err == nil {
		t.Error("a refused call counts as answered")
	}
	taken, err := a.Call(limited(t), Dial{Number: "102", From: "79161234501"})
	must(t, err)
	must(t, taken.WaitUp(limited(t)))
	must(t, taken.Hangup(limited(t)))
}

func TestACallThatIsOverCannotBeAnswered(t *testing.T) {
	a, b := couple(t)
	out, err := a.Call(limited(t), Dial{Number: "102"})
	must(t, err)
	in, err := b.Incoming(limited(t), 0)
	must(t, err)
	must(t, out.Hangup(limited(t)))
	must(t, in.WaitEnd(limited(t)))
	if err := in.Answer(); err == nil {
		t.Error("a cancelled call was answered")
	}
}
