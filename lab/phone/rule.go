package phone

import "time"

type deed int

const (
	ring deed = iota
	answer
	reject
	redirect
)

// Rule says what a phone does with a call it gets.
type Rule struct {
	do     deed
	after  time.Duration
	code   int
	reason string
	to     string
}

// Ring lets it ring until somebody does something.
func Ring() Rule { return Rule{do: ring} }

// AnswerAfter rings for a while and answers.
func AnswerAfter(d time.Duration) Rule { return Rule{do: answer, after: d} }

// Busy refuses at once with 486.
func Busy() Rule { return Refuse(486, "Busy Here") }

// DeclineAfter rings for a while and declines with 603.
func DeclineAfter(d time.Duration) Rule {
	return Rule{do: reject, after: d, code: 603, reason: "Decline"}
}

// Refuse refuses at once with a status code.
func Refuse(code int, reason string) Rule { return Rule{do: reject, code: code, reason: reason} }

// Redirect answers 302: the caller is to try another number of the PBX.
func Redirect(to string) Rule {
	return Rule{do: redirect, code: 302, reason: "Moved Temporarily", to: to}
}

// Always applies one rule to every call.
func Always(r Rule) func(*Call) Rule { return func(*Call) Rule { return r } }

// Do sets what the phone does with calls from now on.
func (p *Phone) Do(r Rule) { p.Decide(Always(r)) }

// Decide sets a function that chooses for each call.
func (p *Phone) Decide(rule func(*Call) Rule) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rule = rule
}
