package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/callweave/callweave/edge/locale"
)

const defaultConfig = "/etc/callweave/edge.toml"

// cli are the commands and their flags, as kong reads them.
type cli struct {
	Config   kong.ConfigFlag `placeholder:"FILE" env:"CALLWEAVE_EDGE_CONFIG" help:"${help_config}"`
	Settings `embed:""`

	Run      runCmd      `cmd:"" help:"${help_run}"`
	Enroll   enrollCmd   `cmd:"" help:"${help_enroll}"`
	Check    checkCmd    `cmd:"" help:"${help_check}"`
	Record   recordCmd   `cmd:"" help:"${help_record}"`
	Dialplan dialplanCmd `cmd:"" help:"${help_dialplan}"`
	Version  versionCmd  `cmd:"" help:"${help_version}"`
}

// Settings are shared by all commands. A flag such as --ami-address is address in section [ami] of the file and
// CALLWEAVE_EDGE_AMI_ADDRESS in the environment.
type Settings struct {
	StateDir string        `env:"CALLWEAVE_EDGE_STATE_DIR" default:"/var/lib/callweave-edge" help:"${help_state_dir}"`
	Language string        `env:"CALLWEAVE_EDGE_LANGUAGE" placeholder:"en|ru" help:"${help_language}"`
	AMI      amiSettings   `embed:"" prefix:"ami-"`
	Link     linkSettings  `embed:"" prefix:"cloud-"`
	Spool    spoolSettings `embed:"" prefix:"spool-"`
	Log      logSettings   `embed:"" prefix:"log-"`
}

type amiSettings struct {
	Address    string `env:"CALLWEAVE_EDGE_AMI_ADDRESS" default:"127.0.0.1:5038" help:"${help_ami_address}"`
	User       string `env:"CALLWEAVE_EDGE_AMI_USER" default:"callweave" help:"${help_ami_user}"`
	Secret     string `env:"CALLWEAVE_EDGE_AMI_SECRET" help:"${help_ami_secret}"`
	SecretFile string `env:"CALLWEAVE_EDGE_AMI_SECRET_FILE" placeholder:"FILE" help:"${help_ami_secret_file}"`
	TLS        bool   `env:"CALLWEAVE_EDGE_AMI_TLS" help:"${help_ami_tls}"`
	TLSCA      string `name:"tls-ca" env:"CALLWEAVE_EDGE_AMI_TLS_CA" placeholder:"FILE" help:"${help_ami_tls_ca}"`
}

type linkSettings struct {
	Gateway string `env:"CALLWEAVE_EDGE_CLOUD_GATEWAY" placeholder:"HOST:PORT" help:"${help_cloud_gateway}"`
	TCP     string `name:"tcp" env:"CALLWEAVE_EDGE_CLOUD_TCP" placeholder:"HOST:PORT" help:"${help_cloud_tcp}"`
}

type spoolSettings struct {
	Dir      string        `env:"CALLWEAVE_EDGE_SPOOL_DIR" placeholder:"DIR" help:"${help_spool_dir}"`
	MaxBytes byteSize      `env:"CALLWEAVE_EDGE_SPOOL_MAX_BYTES" default:"4GiB" help:"${help_spool_max_bytes}"`
	MaxAge   time.Duration `env:"CALLWEAVE_EDGE_SPOOL_MAX_AGE" default:"336h" help:"${help_spool_max_age}"`
}

type logSettings struct {
	Level  string `enum:"debug,info,warn,error" env:"CALLWEAVE_EDGE_LOG_LEVEL" default:"info" help:"${help_log_level}"`
	Format string `enum:"text,json" env:"CALLWEAVE_EDGE_LOG_FORMAT" default:"text" help:"${help_log_format}"`
}

func helps(w *locale.Words) kong.Vars {
	return kong.Vars{
		"help_config":           w.Say("Settings file; without it %s is read if it is there.", defaultConfig),
		"help_run":              w.Say("Follow the PBX and send its events to the cloud."),
		"help_enroll":           w.Say("Trade a token for this agent's identity."),
		"help_check":            w.Say("Look for what is missing or would spoil the statistics."),
		"help_record":           w.Say("Write what the PBX sends into a file, for support."),
		"help_dialplan":         w.Say("Have the PBX hand a reference to your other PBXs with every call."),
		"help_dialplan_show":    w.Say("Print what would be written, and what your dialplan lacks."),
		"help_dialplan_install": w.Say("Write the snippet and include it; your own lines stay as they are."),
		"help_dialplan_remove":  w.Say("Take away what install wrote."),
		"help_asterisk_dir":     w.Say("Directory of Asterisk's configuration."),
		"help_peer":             w.Say("Endpoint that leads to another PBX of yours; may be given several times, by default those of the last time."),
		"help_peer_context":     w.Say("FreePBX: context that calls of the other PBXs go on to; by default from-pstn."),
		"help_reload":           w.Say("Have Asterisk reload the dialplan."),
		"help_asterisk":         w.Say("Asterisk's program, for the reload."),
		"help_version":          w.Say("Print the version."),
		"help_state_dir":        w.Say("Where identity and buffer are kept."),
		"help_language":         w.Say("Language of messages; by default that of the system."),
		"help_ami_address":      w.Say("Address of Asterisk's manager interface."),
		"help_ami_user":         w.Say("User of the manager interface."),
		"help_ami_secret":       w.Say("Secret of that user; better put into the settings file."),
		"help_ami_secret_file":  w.Say("File that holds the secret alone."),
		"help_ami_tls":          w.Say("Speak TLS to the manager interface."),
		"help_ami_tls_ca":       w.Say("Authority or certificate the manager interface must show."),
		"help_cloud_gateway":    w.Say("The cloud's gateway, if not the one named at enrolment."),
		"help_cloud_tcp":        w.Say("Where to go over TCP when UDP is blocked; by default the same address."),
		"help_spool_dir":        w.Say("The buffer's directory; by default spool in the state directory."),
		"help_spool_max_bytes":  w.Say("How large the buffer may grow."),
		"help_spool_max_age":    w.Say("How long events are kept for a cloud that cannot be reached."),
		"help_log_level":        w.Say("Least important lines to log: debug, info, warn, error."),
		"help_log_format":       w.Say("Form of log lines: text, json."),
		"help_token":            w.Say("The token from the PBXs page of the portal; - reads it from standard input."),
		"help_cloud":            w.Say("Address of the portal, if not the one in the token."),
		"help_wait":             w.Say("How long to listen for events of the PBX."),
		"help_json":             w.Say("Print findings as JSON."),
		"help_record_file":      w.Say("File to write; a name that ends in .gz is compressed."),
		"help_record_for":       w.Say("How long to record; by default until interrupted."),
	}
}

func (s *Settings) spoolDir() string {
	if s.Spool.Dir != "" {
		return s.Spool.Dir
	}
	return filepath.Join(s.StateDir, "spool")
}

// secret is the AMI secret, wherever it is kept.
func (s *Settings) secret() (string, error) {
	if s.AMI.SecretFile == "" {
		return s.AMI.Secret, nil
	}
	text, err := os.ReadFile(s.AMI.SecretFile)
	if err != nil {
		return "", fmt.Errorf("read AMI secret: %w", err)
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// amiTLS is nil for a plain connection. With an authority of the customer's own, the certificate may carry any name:
// PBXs are called by address, and their certificates rarely say so.
func (s *Settings) amiTLS() (*tls.Config, error) {
	if !s.AMI.TLS {
		return nil, nil
	}
	host, _, err := net.SplitHostPort(s.AMI.Address)
	if err != nil {
		return nil, fmt.Errorf("read AMI address: %w", err)
	}
	if s.AMI.TLSCA == "" {
		return &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}, nil
	}
	text, err := os.ReadFile(s.AMI.TLSCA)
	if err != nil {
		return nil, fmt.Errorf("read AMI authority: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("read AMI authority: %s holds no certificate", s.AMI.TLSCA)
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		//nolint:gosec // VerifyConnection checks the chain; only the name is not looked at
		InsecureSkipVerify: true,
		VerifyConnection: func(state tls.ConnectionState) error {
			options := x509.VerifyOptions{Roots: pool, Intermediates: x509.NewCertPool()}
			for _, c := range state.PeerCertificates[1:] {
				options.Intermediates.AddCert(c)
			}
			_, err := state.PeerCertificates[0].Verify(options)
			return err
		},
	}, nil
}

func (l logSettings) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // kong has checked it
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

// byteSize is a size such as 512MiB or 4GiB.
type byteSize int64

var errSize = errors.New("not a size such as 500MiB or 4GiB")

// UnmarshalText implements encoding.TextUnmarshaler.
func (b *byteSize) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	digits := strings.TrimRight(s, "KMGTiBkb ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return fmt.Errorf("%q is %w", s, errSize)
	}
	shift, ok := map[string]uint{"": 0, "B": 0, "K": 10, "KB": 10, "KIB": 10, "M": 20, "MB": 20, "MIB": 20, "G": 30, "GB": 30, "GIB": 30, "T": 40, "TB": 40, "TIB": 40}[strings.ToUpper(strings.TrimSpace(s[len(digits):]))]
	if !ok || n > (1<<62)>>shift {
		return fmt.Errorf("%q is %w", s, errSize)
	}
	*b = byteSize(n << shift)
	return nil
}
