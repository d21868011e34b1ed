// Package callweave is the root of the module; it holds no code but the test of the import rules.
package callweave
