// Package phone is a SIP phone for tests: it registers, calls, rings, talks (silence), holds, transfers and hangs up as
// told, and remembers when it lived what. What it remembers is the truth that assembled calls are compared with. It does
// not know AMI, queues or scenarios.
package phone
