package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jackc/pgx/v5"

	"github.com/callweave/callweave/cloud/identity"
	"github.com/callweave/callweave/cloud/rights"
	"github.com/callweave/callweave/cloud/settings"
)

// Who reads and writes what was decided. Who works with calls reads the words for them, too.
func readSettings() access  { return needs(rights.ReadSettings) }
func writeSettings() access { return whole(rights.WriteSettings) }
func writePolicies() access { return whole(rights.WritePolicies) }
func readTags() access      { return oneOf(append(seen(), rights.ReadSettings)...) }
func writeTags() access     { return needs(rights.ReadCalls, rights.WriteTags) }

// settingsOperations are about what administrators decide: how things are called, grouped and counted.
func (a *API) settingsOperations() {
	const get, post, put, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	register(a, operation{get, "/zone", "get-zone", "settings", "The time zone of the tenant", 0, readSettings()}, a.getZone)
	register(a, operation{put, "/zone", "set-zone", "settings", "Give the tenant another time zone; figures by day and hour follow", 0, writePolicies()}, a.setZone)
	register(a, operation{get, "/queues", "list-queues", "settings", "Queues: what they are called, where and when they work", 0, readSettings()}, a.listQueues)
	register(a, operation{put, "/queues/{id}", "set-queue", "settings", "Name a queue and say where and when it works", 0, writeSettings()}, a.setQueue)
	register(a, operation{get, "/groups", "list-groups", "settings", "Groups of queues, and of people and devices", 0, readSettings()}, a.listGroups)
	register(a, operation{post, "/groups", "add-group", "settings", "Add a group", 201, writeSettings()}, a.addGroup)
	register(a, operation{put, "/groups/{id}", "change-group", "settings", "Give a group another name and other members", 0, writeSettings()}, a.changeGroup)
	register(a, operation{del, "/groups/{id}", "remove-group", "settings", "Remove a group", 204, writeSettings()}, a.removeGroup)
	register(a, operation{get, "/calendars", "list-calendars", "settings", "Working hours and holidays", 0, readSettings()}, a.listCalendars)
	register(a, operation{post, "/calendars", "add-calendar", "settings", "Add working hours", 201, writePolicies()}, a.addCalendar)
	register(a, operation{put, "/calendars/{id}", "change-calendar", "settings", "Put other hours and holidays in the place of these", 0, writePolicies()}, a.changeCalendar)
	register(a, operation{del, "/calendars/{id}", "remove-calendar", "settings", "Remove working hours that no queue has", 204, writePolicies()}, a.removeCalendar)
	register(a, operation{get, "/policies", "list-policies", "settings", "How the service level is computed, from when on", 0, readSettings()}, a.listPolicies)
	register(a, operation{post, "/policies", "add-policy", "settings", "Say how it is computed from a moment on, which may be past: figures since then follow", 201, writePolicies()}, a.addPolicy)
	register(a, operation{put, "/policies/{id}", "change-policy", "settings", "Correct a policy, for the past too", 0, writePolicies()}, a.changePolicy)
	register(a, operation{del, "/policies/{id}", "remove-policy", "settings", "Remove a policy: what was in force before it counts on", 204, writePolicies()}, a.removePolicy)
	register(a, operation{get, "/reasons", "list-reasons", "settings", "Reasons of pauses: seen, and how they count", 0, readSettings()}, a.listReasons)
	register(a, operation{put, "/reasons", "set-reason", "settings", "Say how pauses of a reason count", 0, writeSettings()}, a.setReason)
	register(a, operation{del, "/reasons", "remove-reason", "settings", "Take that back", 204, writeSettings()}, a.removeReason)
	register(a, operation{get, "/trunks", "list-trunks", "settings", "Trunks: what they are called and how many lines they have", 0, readSettings()}, a.listTrunks)
	register(a, operation{put, "/trunks/{id}", "set-trunk", "settings", "Name a trunk and say how many lines it has", 0, writeSettings()}, a.setTrunk)
	register(a, operation{get, "/dids", "list-dids", "settings", "Numbers by which the outside calls in, and what they are for", 0, readSettings()}, a.listDIDs)
	register(a, operation{put, "/dids/{id}", "set-did", "settings", "Say what such a number is for", 0, writeSettings()}, a.setDID)
	register(a, operation{get, "/prefixes", "list-prefixes", "settings", "Areas by the beginning of a number", 0, readSettings()}, a.listPrefixes)
	register(a, operation{put, "/prefixes", "set-prefix", "settings", "Name the area of a beginning", 0, writeSettings()}, a.setPrefix)
	register(a, operation{del, "/prefixes", "remove-prefix", "settings", "Remove an area", 204, writeSettings()}, a.removePrefix)
	register(a, operation{get, "/rosters", "list-rosters", "settings", "When people are scheduled to work and to have a break", 0, readSettings()}, a.listRosters)
	register(a, operation{put, "/rosters", "set-roster", "settings", "Put other times in the place of all of a person's that begin in a period", 0, writeSettings()}, a.setRoster)

	register(a, operation{get, "/tags", "list-tags", "calls", "Words people put on calls", 0, readTags()}, a.listTags)
	register(a, operation{post, "/tags", "add-tag", "settings", "Add a tag", 201, writeSettings()}, a.addTag)
	register(a, operation{put, "/tags/{id}", "change-tag", "settings", "Rename or retire a tag", 0, writeSettings()}, a.changeTag)
	register(a, operation{del, "/tags/{id}", "remove-tag", "settings", "Remove a tag that no call has", 204, writeSettings()}, a.removeTag)
	register(a, operation{put, "/calls/{id}/tags", "tag-call", "calls", "Put these tags on a call in the place of those it has", 0, writeTags()}, a.tagCall)

	a.listOperations()
}

// settle lets the viewer make changes of settings.
func (a *API) settle(ctx context.Context, change func(*settings.Editor) error) error {
	v := viewerOf(ctx)
	return a.inTurn(ctx, func(tx pgx.Tx) error {
		return change(settings.Edit(tx, identity.Author{User: v.User, Login: v.Login}))
	})
}

// recall reads settings.
func (a *API) recall(ctx context.Context, read func(pgx.Tx) error) error {
	if err := a.deps.DB.As(viewerOf(ctx).Tenant).Read(ctx, read); err != nil {
		return fmt.Errorf("read settings: %w", err)
	}
	return nil
}

type idInput struct {
	ID int32 `path:"id" minimum:"1"`
}

type zoneBody struct {
	Zone string `json:"zone" maxLength:"64" example:"Europe/Moscow"`
}

type (
	zoneInput  struct{ Body zoneBody }
	zoneOutput struct{ Body zoneBody }
)

func (a *API) getZone(ctx context.Context, _ *struct{}) (*zoneOutput, error) {
	out := &zoneOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) error {
		loc, err := settings.Zone(ctx, tx)
		if err == nil {
			out.Body.Zone = loc.String()
		}
		return err
	})
	return out, err
}

func (a *API) setZone(ctx context.Context, in *zoneInput) (*zoneOutput, error) {
	err := a.settle(ctx, func(e *settings.Editor) error { return e.SetZone(ctx, in.Body.Zone) })
	return &zoneOutput{in.Body}, err
}

type queuesOutput struct {
	Body struct {
		Queues []settings.Queue `json:"queues" nullable:"false"`
	}
}

type queueInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body struct {
		Name     string `json:"name" maxLength:"200" doc:"What it is called here; empty: as the PBX calls it"`
		Zone     string `json:"zone" maxLength:"64" doc:"IANA time zone; empty: the tenant's"`
		Calendar *int32 `json:"calendar" doc:"Its working hours; null: always open"`
	}
}

type queueOutput struct{ Body settings.Queue }

func (a *API) listQueues(ctx context.Context, _ *struct{}) (*queuesOutput, error) {
	out := &queuesOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Queues, err = settings.Queues(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) setQueue(ctx context.Context, in *queueInput) (*queueOutput, error) {
	out := &queueOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.SetQueue(ctx, settings.Queue{ID: in.ID, Name: in.Body.Name, Zone: in.Body.Zone, Calendar: in.Body.Calendar})
		return err
	})
	return out, err
}

type groupsOutput struct {
	Body struct {
		Groups []settings.Group `json:"groups" nullable:"false" doc:"By kind and name"`
	}
}

type groupBody struct {
	Kind      string  `json:"kind" enum:"queues,operators" doc:"What it is a group of, which stays"`
	Name      string  `json:"name" maxLength:"200"`
	Queues    []int32 `json:"queues,omitempty" maxItems:"10000"`
	People    []int32 `json:"people,omitempty" maxItems:"10000" doc:"With the devices that are theirs, while they are"`
	Operators []int32 `json:"operators,omitempty" maxItems:"10000" doc:"Devices, whoever is at them"`
}

func (b groupBody) group(id int32) settings.Group {
	return settings.Group{ID: id, Kind: b.Kind, Name: b.Name, Queues: b.Queues, People: b.People, Operators: b.Operators}
}

type groupInput struct{ Body groupBody }

type changeGroupInput struct {
	ID   int32 `path:"id" minimum:"1"`
	Body groupBody
}

type groupOutput struct{ Body settings.Group }

func (a *API) listGroups(ctx context.Context, _ *struct{}) (*groupsOutput, error) {
	out := &groupsOutput{}
	err := a.recall(ctx, func(tx pgx.Tx) (err error) {
		out.Body.Groups, err = settings.Groups(ctx, tx)
		return err
	})
	return out, err
}

func (a *API) addGroup(ctx context.Context, in *groupInput) (*groupOutput, error) {
	out := &groupOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.AddGroup(ctx, in.Body.group(0))
		return err
	})
	return out, err
}

func (a *API) changeGroup(ctx context.Context, in *changeGroupInput) (*groupOutput, error) {
	out := &groupOutput{}
	err := a.settle(ctx, func(e *settings.Editor) (err error) {
		out.Body, err = e.ChangeGroup(ctx, in.Body.group(in.ID))
		return err
	})
	return out, err
}

func (a *API) removeGroup(ctx context.Context, in *idInput) (*emptyOutput, error) {
	return nil, a.settle(ctx, func(e *settings.Editor) error { return e.RemoveGroup(ctx, in.ID) })
}

// errOnlyAsked takes a transaction back in which nothing went wrong.
var errOnlyAsked = errors.New("nothing is to be changed")
