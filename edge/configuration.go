package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// configuration reads the settings file. What the environment says goes before it, and flags before both.
func configuration(getenv func(string) string) kong.ConfigurationLoader {
	return func(r io.Reader) (kong.Resolver, error) {
		var content map[string]any
		if _, err := toml.NewDecoder(r).Decode(&content); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
		file := settingsFile{values: map[string]any{}, getenv: getenv}
		file.flatten("", content)
		return file, nil
	}
}

// settingsFile holds the file's values under the names of flags: address of section ami is ami-address.
type settingsFile struct {
	values map[string]any
	getenv func(string) string
}

func (f settingsFile) flatten(prefix string, content map[string]any) {
	for key, value := range content {
		name := prefix + strings.ReplaceAll(key, "_", "-")
		if section, ok := value.(map[string]any); ok {
			f.flatten(name+"-", section)
			continue
		}
		f.values[name] = value
	}
}

// Validate finds what is written in the file and means nothing: a slip there would otherwise go unnoticed.
func (f settingsFile) Validate(app *kong.Application) error {
	var unknown []string
	for name := range f.values {
		if !slices.ContainsFunc(app.Flags, func(flag *kong.Flag) bool { return flag.Name == name }) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return fmt.Errorf("read settings: unknown: %s", strings.Join(unknown, ", "))
	}
	return nil
}

// Resolve implements kong.Resolver.
func (f settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if f.getenv(name) != "" {
			return nil, nil
		}
	}
	return f.values[flag.Name], nil
}
