//go:build race

package call_test

// raced tells that the race detector watches, which makes everything ten times as slow.
const raced = true
