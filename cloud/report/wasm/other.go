//go:build !js

// Command wasm is the report engine for the browser; see main.go. Anywhere else it is a package to import.
package main

func main() { println("this is for the browser: make engine builds it with GOOS=js GOARCH=wasm") }
