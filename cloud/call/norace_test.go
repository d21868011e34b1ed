//go:build !race

package call_test

const raced = false
