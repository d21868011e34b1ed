package doctor

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/callweave/callweave/shared/wire"
	"github.com/callweave/callweave/shared/wire/amitext"
)

const (
	pbxClockWarn  = time.Second
	pbxClockError = time.Minute
)

// neededRead are the classes of events calls are made of. The others of the recommendation are good to have.
func neededRead() []string {
	return []string{"system", "call", "agent", "user", "reporting", "dialplan", "dtmf", "cdr"}
}

// checkPBX looks at what the PBX lets us see.
func (d *Doctor) checkPBX(ctx context.Context) []Finding {
	if d.cfg.AMI.Address == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second+d.cfg.Watch)
	defer cancel()
	m, err := dialManager(ctx, d.cfg.AMI)
	if err != nil {
		return []Finding{{CodeConnect, Error, []any{d.cfg.AMI.Address, err}}}
	}
	defer m.close()
	findings := []Finding{{CodeConnect, OK, []any{d.cfg.AMI.Address}}}
	if err := m.login(d.cfg.AMI.User, d.cfg.AMI.Secret); err != nil {
		return append(findings, Finding{CodeLogin, Error, []any{d.cfg.AMI.User, err}})
	}
	findings = append(findings, Finding{CodeLogin, OK, []any{d.cfg.AMI.User}})
	for _, check := range []func(*manager) ([]Finding, error){d.version, d.pbxClock, d.writeRights, d.settings} {
		more, err := check(m)
		findings = append(findings, more...)
		if err != nil {
			return append(findings, Finding{CodeConnect, Error, []any{d.cfg.AMI.Address, err}})
		}
	}
	return findings
}

// version asks for Asterisk's, and guesses it from the greeting where that is not allowed.
func (d *Doctor) version(m *manager) ([]Finding, error) {
	settings, err := m.ask("CoreSettings")
	if err != nil {
		return nil, err
	}
	version := settings.field("AsteriskVersion")
	if version == "" {
		version = versionOfBanner(m.banner)
	}
	f := Finding{CodeVersion, OK, []any{version}}
	switch major := leadingNumber(version); {
	case major == 0:
	case major < 12:
		f.Severity = Error
	case major < 13:
		f.Severity = Warn
	}
	findings := []Finding{f}
	if settings.success {
		name := Finding{Code: CodeSystemName, Severity: OK}
		if s := settings.field("SystemName"); s != "" {
			name.Args = []any{s}
		}
		findings = append(findings, name)
	}
	return findings, nil
}

// versionOfBanner: the manager interface has a version of its own, whose first number grew with each of Asterisk's.
func versionOfBanner(banner string) string {
	_, version, _ := strings.Cut(banner, "/")
	switch major := leadingNumber(version); major {
	case 0:
		return banner
	case 1: // 1.4 was Asterisk 12
		return "11"
	case 2:
		return "13"
	default:
		return strconv.Itoa(major + 11)
	}
}

func leadingNumber(version string) int {
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(version)
	}
	n, err := strconv.Atoi(version[:end])
	if err != nil {
		return 0
	}
	return n
}

func (d *Doctor) pbxClock(m *manager) ([]Finding, error) {
	sent := d.now()
	pong, err := m.ask("Ping")
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseFloat(pong.field("Timestamp"), 64)
	if err != nil {
		return nil, nil //nolint:nilerr // very old ones answer without the time
	}
	middle := sent.Add(d.now().Sub(sent) / 2)
	offset := time.Duration(seconds*float64(time.Second)) - time.Duration(middle.UnixNano())
	f := Finding{CodePBXClock, OK, []any{offset.Round(time.Millisecond)}}
	switch off := offset.Abs(); {
	case off > pbxClockError:
		f.Severity = Error
	case off > pbxClockWarn:
		f.Severity = Warn
	}
	return []Finding{f}, nil
}

// writeRights compares what the agent asks for with what ListCommands says this user may ask for.
func (d *Doctor) writeRights(m *manager) ([]Finding, error) {
	list, err := m.ask("ListCommands")
	if err != nil || !list.success {
		return nil, err
	}
	m.allowed = list.fields
	var missing []string
	for _, action := range amitext.SnapshotActions() {
		if essential(action) && !m.may(action) && !slices.Contains(missing, action) {
			missing = append(missing, action)
		}
	}
	if len(missing) > 0 {
		return []Finding{{CodeWriteRights, Error, []any{strings.Join(missing, ", ")}}}, nil
	}
	return []Finding{{Code: CodeWriteRights, Severity: OK}}, nil
}

// essential actions exist in every supported Asterisk; others depend on version and modules, and their absence says
// nothing about rights.
func essential(action string) bool {
	return slices.Contains([]string{"CoreSettings", "CoreStatus", "Status", "QueueStatus", "CoreShowChannels", "DeviceStateList", "ExtensionStateList"}, action)
}

// settings looks at rights to read and at what spoils events. Where commands are allowed the PBX says it outright;
// otherwise what can be seen in the events of a few seconds must do.
func (d *Doctor) settings(m *manager) ([]Finding, error) {
	if !m.may("Command") {
		return d.watch(m)
	}
	user, err := m.command("manager show user " + d.cfg.AMI.User)
	if err != nil {
		return nil, err
	}
	general, err := m.command("manager show settings")
	if err != nil {
		return nil, err
	}
	var findings []Finding
	if perm, ok := setting(user, "read perm"); ok {
		findings = append(findings, readFinding(perm))
	}
	if stamped, ok := setting(general, "Timestamp events"); ok {
		findings = append(findings, Finding{Code: CodeTimestamps, Severity: severityOf(strings.EqualFold(stamped, "yes"))})
	}
	if disabled, ok := setting(general, "Disabled events"); ok && disabled != "" {
		findings = append(findings, Finding{CodeDisabled, Warn, []any{disabled}})
	}
	return findings, nil
}

func readFinding(perm string) Finding {
	has := strings.FieldsFunc(strings.ToLower(perm), func(r rune) bool { return r == ',' || r == ' ' })
	var missing []string
	for _, class := range neededRead() {
		if !slices.Contains(has, class) && !slices.Contains(has, "all") {
			missing = append(missing, class)
		}
	}
	switch {
	case len(missing) == 0:
		return Finding{CodeReadRights, OK, []any{perm}}
	case slices.Contains(missing, "call") || slices.Contains(missing, "agent"):
		return Finding{CodeReadRights, Error, []any{strings.Join(missing, ", ")}}
	default:
		return Finding{CodeReadRights, Warn, []any{strings.Join(missing, ", ")}}
	}
}

// watch listens for a while. What it cannot see it does not judge: the running agent goes on watching (see Observer).
func (d *Doctor) watch(m *manager) ([]Finding, error) {
	if m.may("UserEvent") { // harmless, and tells of stamps at once
		if _, err := m.ask("UserEvent", "UserEvent: CallweaveCheck"); err != nil {
			return nil, err
		}
	}
	m.listen(d.cfg.Watch, func() bool { return m.booted && (m.stamped || m.unstamped) })
	findings := []Finding{{Code: CodeReadRights, Severity: OK}}
	if !m.booted {
		findings[0] = Finding{CodeReadRights, Warn, []any{"system"}}
	}
	if m.stamped || m.unstamped {
		findings = append(findings, Finding{Code: CodeTimestamps, Severity: severityOf(m.stamped)})
	}
	return findings, nil
}

func severityOf(good bool) Severity {
	if good {
		return OK
	}
	return Warn
}

// setting finds "  name:   value" in the output of a command.
func setting(output []string, name string) (string, bool) {
	for _, line := range output {
		key, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}

// answer is a response to an action.
type answer struct {
	success bool
	message string
	fields  []wire.Field
}

func (a answer) field(name string) string {
	for _, f := range a.fields {
		if strings.EqualFold(nameOf(f), name) {
			return f.Value
		}
	}
	return ""
}

func nameOf(f wire.Field) string {
	if f.ID != 0 {
		return wire.FieldName(f.ID)
	}
	return f.Name
}

func (a answer) err() error {
	if a.success {
		return nil
	}
	return fmt.Errorf("%s", a.message)
}
