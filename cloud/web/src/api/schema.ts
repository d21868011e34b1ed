// Generated from cloud/api/openapi.json by scripts/generate.mjs.

export interface paths {
    "/api/v1/agents/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock an agent out for good
         * @description Needs: pbxs.write
         */
        post: operations["revoke-agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what and when
         * @description Needs: audit.read, no limits
         */
        get: operations["list-audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bindings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whose which device is, or was at a moment
         * @description Needs: settings.read
         */
        get: operations["list-bindings"];
        put?: never;
        /**
         * Give a device to a person from a moment on; without an end it takes it from whoever has it
         * @description Needs: settings.write, no limits
         */
        post: operations["add-binding"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bindings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Correct whose a device was and when; results of that time change with it
         * @description Needs: settings.write, no limits
         */
        put: operations["change-binding"];
        post?: never;
        /**
         * Remove a binding as if it had never been
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-binding"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Working hours and holidays
         * @description Needs: settings.read
         */
        get: operations["list-calendars"];
        put?: never;
        /**
         * Add working hours
         * @description Needs: policies.write, no limits
         */
        post: operations["add-calendar"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calendars/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put other hours and holidays in the place of these
         * @description Needs: policies.write, no limits
         */
        put: operations["change-calendar"];
        post?: never;
        /**
         * Remove working hours that no queue has
         * @description Needs: policies.write, no limits
         */
        delete: operations["remove-calendar"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The calls journal
         * @description Needs: calls.read
         */
        get: operations["list-calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One call and its story
         * @description Needs: calls.read
         */
        get: operations["get-call"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the PBXs said about a call
         * @description Needs: calls.read, events.read
         */
        get: operations["get-call-events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/{id}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put these tags on a call in the place of those it has
         * @description Needs: calls.read, tags.write
         */
        put: operations["tag-call"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/calls/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which calls change, as server-sent events
         * @description Needs: calls.read
         */
        get: operations["watch-calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/console/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All agents
         * @description For the vendor's staff
         */
        get: operations["console-agents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/console/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All tenants
         * @description For the vendor's staff
         */
        get: operations["console-tenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How complete what was heard of each PBX in a period is
         * @description Needs: calls.read or events.read or reports.read or states.read or pbxs.read
         */
        get: operations["get-coverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers by which the outside calls in, and what they are for
         * @description Needs: settings.read
         */
        get: operations["list-dids"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dids/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what such a number is for
         * @description Needs: settings.write, no limits
         */
        put: operations["set-did"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Names of PBXs, queues, operators and trunks
         * @description Needs: calls.read or events.read or reports.read or states.read or settings.read
         */
        get: operations["get-directory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What endpoints are, and by what that is known
         * @description Needs: settings.read, no limits
         */
        get: operations["list-endpoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/correction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what an endpoint of a station is
         * @description Needs: settings.write, no limits
         */
        put: operations["correct-endpoint"];
        post?: never;
        /**
         * Take that back: what is learned counts again
         * @description Needs: settings.write, no limits
         */
        delete: operations["uncorrect-endpoint"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A report, or calls of the journal, as a file
         * @description Needs: export
         */
        post: operations["export"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the facts of a period are made of
         * @description Needs: reports.read
         */
        get: operations["list-facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/{scope}/{day}/{section}/{rev}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A section of a closed day's facts in CBOR, for ever the same
         * @description Needs: reports.read
         */
        get: operations["get-facts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is who in facts, and what was decided about how they count
         * @description Needs: calls.read or events.read or reports.read or states.read or settings.read
         */
        get: operations["get-names"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/facts/tail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What changed of the days that go on: an increment in CBOR
         * @description Needs: reports.read
         */
        get: operations["get-facts-tail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Groups of queues, and of people and devices
         * @description Needs: settings.read
         */
        get: operations["list-groups"];
        put?: never;
        /**
         * Add a group
         * @description Needs: settings.write, no limits
         */
        post: operations["add-group"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a group another name and other members
         * @description Needs: settings.write, no limits
         */
        put: operations["change-group"];
        post?: never;
        /**
         * Remove a group
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-group"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether this node can serve */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Imports and what they came to
         * @description Needs: pbxs.write, no limits
         */
        get: operations["list-imports"];
        put?: never;
        /**
         * Make calls of a PBX's own logs
         * @description Needs: pbxs.write, no limits
         */
        post: operations["import-logs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the logs differ from what was heard
         * @description Needs: pbxs.write, no limits
         */
        get: operations["list-import-differences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set a password and sign in */
        post: operations["accept-invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Who an invitation is for */
        post: operations["look-invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/{list}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A list as a CSV file
         * @description Needs: settings.read
         */
        get: operations["export-list"];
        put?: never;
        /**
         * Change a list by a CSV file: all it says or, where a line is wrong, nothing
         * @description Needs: settings.write, no limits
         */
        post: operations["import-list"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/holidays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a list by a CSV file: all it says or, where a line is wrong, nothing
         * @description Needs: policies.write, no limits
         */
        post: operations["import-holidays"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a list by a CSV file: all it says or, where a line is wrong, nothing
         * @description Needs: policies.write, no limits
         */
        post: operations["import-hours"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lists/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a list by a CSV file: all it says or, where a line is wrong, nothing
         * @description Needs: policies.write, no limits
         */
        post: operations["import-policies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Numbers the outside calls in by, and service codes, as they were learned
         * @description Needs: settings.read, no limits
         */
        get: operations["list-numbers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/numbers/correction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say what a number of a station is
         * @description Needs: settings.write, no limits
         */
        put: operations["correct-number"];
        post?: never;
        /**
         * Take that back: rules, and what is learned, count again
         * @description Needs: settings.write, no limits
         */
        delete: operations["uncorrect-number"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/operator-states": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What operators did when: log-ins, pauses, calls, reachability
         * @description Needs: states.read
         */
        get: operations["list-operator-states"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pbxs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * PBXs, their agents and gaps
         * @description Needs: pbxs.read
         */
        get: operations["list-pbxs"];
        put?: never;
        /**
         * Add a PBX and get the command that enrols its agent
         * @description Needs: pbxs.write
         */
        post: operations["add-pbx"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/pbxs/{id}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A new enrolment token for a PBX
         * @description Needs: pbxs.write
         */
        post: operations["new-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * People and their devices
         * @description Needs: settings.read
         */
        get: operations["list-people"];
        put?: never;
        /**
         * Add a person
         * @description Needs: settings.write, no limits
         */
        post: operations["add-person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a person's name or note
         * @description Needs: settings.write, no limits
         */
        put: operations["change-person"];
        post?: never;
        /**
         * Remove a person who never had a device
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-person"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the service level is computed, from when on
         * @description Needs: settings.read
         */
        get: operations["list-policies"];
        put?: never;
        /**
         * Say how it is computed from a moment on, which may be past: figures since then follow
         * @description Needs: policies.write, no limits
         */
        post: operations["add-policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Correct a policy, for the past too
         * @description Needs: policies.write, no limits
         */
        put: operations["change-policy"];
        post?: never;
        /**
         * Remove a policy: what was in force before it counts on
         * @description Needs: policies.write, no limits
         */
        delete: operations["remove-policy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prefixes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Areas by the beginning of a number
         * @description Needs: settings.read
         */
        get: operations["list-prefixes"];
        /**
         * Name the area of a beginning
         * @description Needs: settings.write, no limits
         */
        put: operations["set-prefix"];
        post?: never;
        /**
         * Remove an area
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-prefix"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Queues: what they are called, where and when they work
         * @description Needs: settings.read
         */
        get: operations["list-queues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/queues/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name a queue and say where and when it works
         * @description Needs: settings.write, no limits
         */
        put: operations["set-queue"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reasons of pauses: seen, and how they count
         * @description Needs: settings.read
         */
        get: operations["list-reasons"];
        /**
         * Say how pauses of a reason count
         * @description Needs: settings.write, no limits
         */
        put: operations["set-reason"];
        post?: never;
        /**
         * Take that back
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-reason"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whom reports can be sent to
         * @description Needs: reports.read, export, schedule
         */
        get: operations["list-recipients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/references": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Channel variables that carry a reference from one PBX to the next
         * @description Needs: settings.read, no limits
         */
        get: operations["list-references"];
        /**
         * Put another list of them in its place
         * @description Needs: settings.write, no limits
         */
        put: operations["set-references"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The reports there are, their figures and formulas
         * @description Needs: reports.read
         */
        get: operations["list-reports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Roles, and the rights they are made of
         * @description Needs: users.write, no limits
         */
        get: operations["list-roles"];
        put?: never;
        /**
         * Add a role
         * @description Needs: users.write, no limits
         */
        post: operations["add-role"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a role of the tenant's own, and what all who have it may do
         * @description Needs: users.write, no limits
         */
        put: operations["change-role"];
        post?: never;
        /**
         * Remove a role that nobody has
         * @description Needs: users.write, no limits
         */
        delete: operations["remove-role"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rosters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * When people are scheduled to work and to have a break
         * @description Needs: settings.read
         */
        get: operations["list-rosters"];
        /**
         * Put other times in the place of all of a person's that begin in a period
         * @description Needs: settings.write, no limits
         */
        put: operations["set-roster"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Reports by e-mail: one's own; administrators see all
         * @description Needs: reports.read, export, schedule
         */
        get: operations["list-schedules"];
        put?: never;
        /**
         * Have a report sent by e-mail
         * @description Needs: reports.read, export, schedule
         */
        post: operations["add-schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change, pause or resume a schedule
         * @description Needs: reports.read, export, schedule
         */
        put: operations["change-schedule"];
        post?: never;
        /**
         * Remove a schedule and its history
         * @description Needs: reports.read, export, schedule
         */
        delete: operations["remove-schedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send it now
         * @description Needs: reports.read, export, schedule
         */
        post: operations["send-now"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{id}/sendings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of a schedule's sendings
         * @description Needs: reports.read, export, schedule
         */
        get: operations["list-sendings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in
         * @description For everybody who is signed in
         */
        get: operations["who-am-i"];
        put?: never;
        /** Sign in */
        post: operations["sign-in"];
        /**
         * Sign out
         * @description For everybody who is signed in
         */
        delete: operations["sign-out"];
        options?: never;
        head?: never;
        /**
         * Change own preferences
         * @description For everybody who is signed in
         */
        patch: operations["set-preferences"];
        trace?: never;
    };
    "/api/v1/settings/mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The mail server that reports go out by
         * @description Needs: settings.write, no limits
         */
        get: operations["get-mail"];
        /**
         * Set the mail server
         * @description Needs: settings.write, no limits
         */
        put: operations["set-mail"];
        post?: never;
        /**
         * Forget the mail server: no report goes out any more
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-mail"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/settings/mail/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a letter to try the mail server
         * @description Needs: settings.write, no limits
         */
        post: operations["test-mail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stations and their PBXs
         * @description Needs: settings.read, no limits
         */
        get: operations["list-stations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stations/{id}/number": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a number of a station is and why
         * @description Needs: settings.read, no limits
         */
        get: operations["judge-number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stations/{id}/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What numbers of a station are by their pattern
         * @description Needs: settings.read, no limits
         */
        get: operations["list-rules"];
        /**
         * Put another list of rules in the place of a station's
         * @description Needs: settings.write, no limits
         */
        put: operations["set-rules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Words people put on calls
         * @description Needs: calls.read or events.read or reports.read or states.read or settings.read
         */
        get: operations["list-tags"];
        put?: never;
        /**
         * Add a tag
         * @description Needs: settings.write, no limits
         */
        post: operations["add-tag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Rename or retire a tag
         * @description Needs: settings.write, no limits
         */
        put: operations["change-tag"];
        post?: never;
        /**
         * Remove a tag that no call has
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-tag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tokens of programs: one's own; who manages users sees all
         * @description Needs: tokens.write
         */
        get: operations["list-tokens"];
        put?: never;
        /**
         * Make a token; it is shown once
         * @description Needs: tokens.write
         */
        post: operations["add-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a token
         * @description Needs: tokens.write
         */
        delete: operations["revoke-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunk-pairs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Trunks between PBXs: proposed by what was seen, confirmed, rejected
         * @description Needs: settings.read, no limits
         */
        get: operations["list-trunk-pairs"];
        /**
         * Say whether two endpoints are the ends of one trunk
         * @description Needs: settings.write, no limits
         */
        put: operations["set-trunk-pair"];
        post?: never;
        /**
         * Take that back: what is seen proposes it again
         * @description Needs: settings.write, no limits
         */
        delete: operations["remove-trunk-pair"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Trunks: what they are called and how many lines they have
         * @description Needs: settings.read
         */
        get: operations["list-trunks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trunks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Name a trunk and say how many lines it has
         * @description Needs: settings.write, no limits
         */
        put: operations["set-trunk"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Users
         * @description Needs: users.write, no limits
         */
        get: operations["list-users"];
        put?: never;
        /**
         * Invite a user: the link by which he sets a password is shown once
         * @description Needs: users.write, no limits
         */
        post: operations["invite-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a user's role and limits, or let him sign in no more; sessions see it at once
         * @description Needs: users.write, no limits
         */
        put: operations["change-user"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Another link by which a user sets a password; the one before works no more
         * @description Needs: users.write, no limits
         */
        post: operations["new-invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Saved views: one's own, and those shared with everybody
         * @description Needs: reports.read
         */
        get: operations["list-views"];
        put?: never;
        /**
         * Save a view
         * @description Needs: reports.read
         */
        post: operations["add-view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a view of one's own
         * @description Needs: reports.read
         */
        put: operations["change-view"];
        post?: never;
        /**
         * Remove a view of one's own; administrators also a shared one
         * @description Needs: reports.read
         */
        delete: operations["remove-view"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/views/{id}/favorite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a view among one's favorites, or take it away
         * @description Needs: reports.read
         */
        put: operations["favor-view"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/zone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The time zone of the tenant
         * @description Needs: settings.read
         */
        get: operations["get-zone"];
        /**
         * Give the tenant another time zone; figures by day and hour follow
         * @description Needs: policies.write, no limits
         */
        put: operations["set-zone"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AcceptInputBody: {
            password: string;
            token: string;
        };
        AccessToken: {
            /** Format: date-time */
            created: string;
            /**
             * Format: date-time
             * @description Without it never
             */
            expires?: string;
            /** Format: uuid */
            id: string;
            /**
             * Format: date-time
             * @description By the minute
             */
            last_used: string | null;
            /** @description Without it what the owner sees; never more than that */
            limits?: components["schemas"]["Limits"];
            name: string;
            /** @description Log-in name */
            owner: string;
            /** Format: date-time */
            revoked: string | null;
            /** @description Of those the owner has */
            rights: string[];
        };
        AccessTokenBody: {
            /**
             * Format: date-time
             * @description Without it never
             */
            expires?: string;
            /** @description Without it what the owner sees; never more than that */
            limits?: components["schemas"]["Limits"];
            name: string;
            /** @description Of those the owner has */
            rights: string[];
        };
        AccessTokenOutputBody: {
            info: components["schemas"]["AccessToken"];
            /** @description Shown this once. Authorization: Bearer TOKEN */
            token: string;
        };
        AccessTokensOutputBody: {
            /** @description The newest first */
            tokens: components["schemas"]["AccessToken"][];
        };
        Account: {
            /**
             * Format: date-time
             * @description Since when the user may not sign in
             */
            disabled: string | null;
            /** Format: uuid */
            id: string;
            /** @description Has set no password yet */
            invited: boolean;
            /** @enum {string} */
            language: "en" | "ru";
            /** @description null: the role's */
            limits: components["schemas"]["Limits"];
            login: string;
            name: string;
            /**
             * Format: int32
             * @description Who the user is among the people at devices
             */
            person: number | null;
            /** @description The id of a role, see GET /roles */
            role: string;
        };
        AccountBody: {
            disabled?: boolean;
            limits?: components["schemas"]["Limits"];
            name: string;
            /** Format: int32 */
            person?: number;
            role: string;
        };
        AccountsOutputBody: {
            users: components["schemas"]["Account"][];
        };
        AddPBXInputBody: {
            name: string;
            /** @description PBXs that mirror each other share a station and its numbers; without it the PBX is a station of its own */
            station?: string;
        };
        Agent: {
            address: string;
            /**
             * Format: date-time
             * @description Since when; null while it is away
             */
            connected: string | null;
            counters: {
                [key: string]: number;
            };
            /** Format: double */
            events_per_s: number;
            findings: components["schemas"]["Finding"][];
            /** Format: uuid */
            id: string;
            /**
             * Format: int64
             * @description Age of the last event when it was committed; null before the first
             */
            lag_ms: number | null;
            /** Format: date-time */
            last_seen: string | null;
            /**
             * Format: date-time
             * @description End of its certificate, which it renews by itself
             */
            not_after: string;
            /** Format: date-time */
            revoked: string | null;
            /**
             * @description tcp where UDP is blocked
             * @enum {string}
             */
            transport: "quic" | "tcp" | "";
            version: string;
        };
        AuditEntry: {
            /** @example binding.change */
            action: string;
            /** @description null where there is nothing any more */
            after: unknown;
            /** Format: date-time */
            at: string;
            /** @description null where there was nothing */
            before: unknown;
            /** Format: int64 */
            id: number;
            login: string;
            subject: string;
        };
        AuditOutputBody: {
            /** @description Newest first */
            entries: components["schemas"]["AuditEntry"][];
            /**
             * Format: int64
             * @description Give it as before; null at the end
             */
            next: number | null;
        };
        Binding: {
            /** Format: date-time */
            from: string;
            /** Format: int32 */
            id: number;
            /**
             * Format: int32
             * @description The device, as the directory lists operators
             */
            operator: number;
            /** Format: int32 */
            person: number;
            /**
             * Format: date-time
             * @description null: until further notice
             */
            to: string | null;
        };
        BindingBody: {
            /**
             * Format: date-time
             * @description May be past: calls since then show the person
             */
            from: string;
            /** Format: int32 */
            operator: number;
            /** Format: int32 */
            person: number;
            /** Format: date-time */
            to?: string;
        };
        BindingsOutputBody: {
            /** @description The latest first */
            bindings: components["schemas"]["Binding"][];
        };
        Calendar: {
            /** @description Days that differ, by day */
            holidays: components["schemas"]["Holiday"][];
            /** Format: int32 */
            id: number;
            name: string;
            /** @description Per weekday, Monday first, pairs of minutes of the day; none: closed */
            week: ((number[] | null)[] | null)[] | null;
        };
        CalendarBody: {
            /** @description Days that differ */
            holidays?: components["schemas"]["Holiday"][] | null;
            name: string;
            /** @description Per weekday, Monday first, pairs of minutes of the day; none: closed */
            week: ((number[] | null)[] | null)[] | null;
        };
        CalendarsOutputBody: {
            calendars: components["schemas"]["Calendar"][];
        };
        CallOutputBody: {
            call: components["schemas"]["CallRow"];
            /** @description The call as callweave replay prints it, with legs, IVR steps and channels */
            story: {
                [key: string]: unknown;
            };
        };
        CallRow: {
            /** Format: date-time */
            answered: string | null;
            caller: string;
            caller_name: string;
            dialled: string;
            /** @enum {string} */
            direction: "unknown" | "inbound" | "outbound" | "internal";
            /** @enum {string} */
            disposition: "unknown" | "answered" | "abandoned" | "timeout" | "join_empty" | "leave_empty" | "voicemail" | "no_answer" | "busy" | "rejected" | "failed";
            /**
             * Format: date-time
             * @description null while the call is going on
             */
            end: string | null;
            /** @enum {string} */
            hangup_by: "unknown" | "caller" | "callee" | "pbx";
            /** Format: int32 */
            hold_ms: number;
            /** Format: uuid */
            id: string;
            /** @description Which logs of the PBX it was made of; none where an agent heard it */
            imported: ("queue_log" | "cel" | "cdr")[];
            /** @description Still going on */
            open: boolean;
            operators: number[];
            /** @description Part of it was not seen; figures are estimates */
            partial: boolean;
            pbxs: number[];
            /** @description Who was at these devices, as far as anybody said */
            people: components["schemas"]["PersonAt"][];
            queues: number[];
            /** Format: int32 */
            rings: number;
            /** Format: date-time */
            start: string;
            tags: number[];
            /** Format: int32 */
            talk_ms: number;
            /** Format: int32 */
            transfers: number;
            /**
             * Format: int32
             * @description In queues
             */
            wait_ms: number;
        };
        CallsOutputBody: {
            /** @description Newest first */
            calls: components["schemas"]["CallRow"][];
            /** @description Cursor of the following calls; null at the end */
            next: string | null;
            /**
             * Format: int64
             * @description How many calls match, on the first page, where that is at most 10,000
             */
            total?: number;
        };
        Change: {
            /** @example binding.change */
            action: string;
            /** @description null where there is nothing any more */
            after: unknown;
            /** @description null where there was nothing */
            before: unknown;
            subject: string;
        };
        ChangedCalls: {
            /** @description Empty: more calls changed than are worth naming; ask for the list again */
            ids: string[];
        };
        CityNumber: {
            /** Format: int32 */
            id: number;
            /** @description What it is for: the hotline, an advertisement */
            name: string;
            number: string;
            station: string;
        };
        ConsoleAgent: {
            address: string;
            /** Format: date-time */
            connected: string | null;
            findings: components["schemas"]["Finding"][];
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            last_seen: string | null;
            /** Format: date-time */
            not_after: string;
            /** Format: int32 */
            pbx: number;
            /** Format: date-time */
            revoked: string | null;
            /** Format: uuid */
            tenant: string;
            transport: string;
            version: string;
        };
        ConsoleAgentsOutputBody: {
            agents: components["schemas"]["ConsoleAgent"][];
        };
        ConsoleTenant: {
            /** Format: int32 */
            agents: number;
            /**
             * Format: int32
             * @description Agents connected now
             */
            connected: number;
            /** Format: date-time */
            created: string;
            /** Format: uuid */
            id: string;
            name: string;
            slug: string;
            /** Format: date-time */
            suspended: string | null;
            zone: string;
        };
        ConsoleTenantsOutputBody: {
            tenants: components["schemas"]["ConsoleTenant"][];
        };
        CorrectEndpointInputBody: {
            /** @enum {string} */
            class: "device" | "trunk";
            /** @example PJSIP/101 */
            endpoint: string;
            note?: string;
            number?: string;
            /** Format: int32 */
            station: number;
        };
        Correction: {
            /** @enum {string} */
            decided: "device" | "trunk" | "operator" | "queue" | "did" | "outside" | "service";
            /** Format: date-time */
            made: string;
            note: string;
            /** @description Under which a device is to be known; empty leaves what is learned */
            number: string;
        };
        CorrectNumberInputBody: {
            /** @enum {string} */
            kind: "operator" | "queue" | "did" | "outside" | "service";
            note?: string;
            number: string;
            /** Format: int32 */
            station: number;
        };
        CoverageOutputBody: {
            /** Format: date-time */
            from: string;
            /** @description By name */
            pbxs: components["schemas"]["PBXCoverage"][];
            /**
             * Format: date-time
             * @description End of the period, now at the latest
             */
            to: string;
        };
        DialledNumber: {
            correction: components["schemas"]["Correction"] | null;
            /**
             * Format: date-time
             * @description By the hour
             */
            first_seen: string | null;
            /** @enum {string} */
            how: "seen" | "rule";
            /**
             * @description As it was learned
             * @enum {string}
             */
            kind: "did" | "service";
            /** Format: date-time */
            last_seen: string | null;
            /** @description The application a service code leads to */
            name: string;
            number: string;
            /** Format: int32 */
            station: number;
        };
        DidInputBody: {
            name: string;
        };
        DidsOutputBody: {
            dids: components["schemas"]["CityNumber"][];
        };
        DifferencesOutputBody: {
            differences: components["schemas"]["ImportDifference"][];
            more: boolean;
        };
        Directory: {
            operators: components["schemas"]["Numbered"][];
            pbxs: components["schemas"]["PBXName"][];
            queues: components["schemas"]["Numbered"][];
            trunks: components["schemas"]["Trunk"][];
        };
        Endpoint: {
            /**
             * @description What it counts as
             * @enum {string}
             */
            class: "unknown" | "device" | "trunk";
            /** @description null where nobody corrected it */
            correction: components["schemas"]["Correction"] | null;
            /** @example PJSIP/101 */
            endpoint: string;
            /**
             * Format: date-time
             * @description null where only a correction speaks of it; by the hour
             */
            first_seen: string | null;
            /** Format: date-time */
            last_seen: string | null;
            /**
             * @description What the signs say
             * @enum {string}
             */
            learned: "unknown" | "device" | "trunk";
            /** @description Its caller id name */
            name: string;
            /** @description Under which a device is known */
            number: string;
            /** Format: int32 */
            pbx: number;
            /** @description What was seen of it, the surest first, in the viewer's language */
            signs: string[];
            /** Format: int32 */
            station: number;
        };
        EndpointsOutputBody: {
            endpoints: components["schemas"]["Endpoint"][];
        };
        ErrorDetail: {
            /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
            location?: string;
            /** @description Error message text */
            message?: string;
            /** @description The value at the given location */
            value?: unknown;
        };
        ErrorModel: {
            /**
             * @description A human-readable explanation specific to this occurrence of the problem.
             * @example Property foo is required but is missing.
             */
            detail?: string;
            /** @description Optional list of individual error details */
            errors?: components["schemas"]["ErrorDetail"][] | null;
            /**
             * Format: uri
             * @description A URI reference that identifies the specific occurrence of the problem.
             * @example https://example.com/error-log/abc123
             */
            instance?: string;
            /**
             * Format: int64
             * @description HTTP status code
             * @example 400
             */
            status?: number;
            /**
             * @description A short, human-readable summary of the problem type. This value should not change between occurrences of the error.
             * @example Bad Request
             */
            title?: string;
            /**
             * Format: uri
             * @description A URI reference to human-readable documentation for the error.
             * @default about:blank
             * @example https://example.com/errors/example
             */
            type: string;
        };
        EventsOutputBody: {
            /** @description In the order of time */
            events: components["schemas"]["RawEvent"][];
            /** @description Give it as after; null at the end */
            next: string | null;
        };
        ExportInputBody: {
            /** @description or calls of the journal */
            calls?: components["schemas"]["JournalFilter"];
            /** @enum {string} */
            format: "csv" | "xlsx" | "parquet";
            /**
             * @description Without it the viewer's
             * @enum {string}
             */
            language?: "en" | "ru";
            /** @description Either a report */
            report?: components["schemas"]["ReportQuery"];
            /**
             * @description Of the journal in CSV and Parquet; XLSX has both
             * @enum {string}
             */
            rows?: "calls" | "legs";
            /** @description The page's address after the ?, for the link back */
            search?: string;
            /** @description IANA: of the journal's times; without it the tenant's */
            zone?: string;
        };
        ExtenRule: {
            /** @enum {string} */
            kind: "operator" | "queue" | "did" | "outside" | "service";
            note?: string;
            /**
             * @description A number, or as in the dialplan: _6XX. X is a digit, Z 1 to 9, N 2 to 9, [1-4] one of those, . one or more of anything, ! anything
             * @example _6XX
             */
            pattern: string;
        };
        FactsChunk: {
            /**
             * Format: int64
             * @description As it is sent; 0: not known yet
             */
            bytes: number;
            /**
             * Format: date
             * @description UTC
             */
            day: string;
            /** @description The day goes on: not to be kept */
            open: boolean;
            /** @description A section, or tail: all sections of the days that go on */
            section: string;
            url: string;
        };
        FactsManifest: {
            /** @description What to get, the days in order. Addresses of closed days are for ever: another revision has another one */
            chunks: components["schemas"]["FactsChunk"][];
            /** @description For /facts/tail, from the beginning; empty where the period has no day that goes on */
            cursor: string;
        };
        FavorViewInputBody: {
            favorite: boolean;
        };
        Finding: {
            code: string;
            detail: string;
            /** @description Which figures suffer */
            hurts: string;
            /** @enum {string} */
            severity: "ok" | "warn" | "error";
        };
        FormFile: {
            ContentType: string;
            Filename: string;
            IsSet: boolean;
            /** Format: int64 */
            Size: number;
        };
        Gap: {
            /** Format: int64 */
            events: number;
            /** Format: date-time */
            from: string;
            reason: string;
            /** Format: date-time */
            to: string;
        };
        Group: {
            /** Format: int32 */
            id: number;
            /** @enum {string} */
            kind: "queues" | "operators";
            name: string;
            /** @description Devices, whoever is at them */
            operators: number[];
            /** @description With the devices that are theirs, while they are */
            people: number[];
            queues: number[];
        };
        GroupBody: {
            /**
             * @description What it is a group of, which stays
             * @enum {string}
             */
            kind: "queues" | "operators";
            name: string;
            /** @description Devices, whoever is at them */
            operators?: number[] | null;
            /** @description With the devices that are theirs, while they are */
            people?: number[] | null;
            queues?: number[] | null;
        };
        GroupsOutputBody: {
            /** @description By kind and name */
            groups: components["schemas"]["Group"][];
        };
        GuestInputBody: {
            token: string;
        };
        GuestOutputBody: {
            company: string;
            login: string;
            name: string;
        };
        HealthOutputBody: {
            /** @enum {string} */
            status: "ok";
        };
        Holiday: {
            /**
             * Format: date
             * @example 2026-01-01
             */
            day: string;
            /** @description As of a weekday; none: closed */
            hours: (number[] | null)[];
            name: string;
        };
        Import: {
            /** @description Empty for the command line */
            asked_by: string;
            counts: components["schemas"]["ImportCounts"];
            /** @description It only looked */
            dry_run: boolean;
            /** Format: date-time */
            ended: string | null;
            /** @description Why it failed */
            failure?: components["schemas"]["ImportFail"];
            files: components["schemas"]["ImportFile"][];
            /**
             * Format: date-time
             * @description The period that was asked for; null: all there is
             */
            from: string | null;
            /** Format: uuid */
            id: string;
            /** Format: int32 */
            pbx: number;
            /** Format: date-time */
            started: string;
            /** @enum {string} */
            state: "running" | "done" | "failed";
            /** Format: date-time */
            to: string | null;
            /** @description Of local times in the files */
            zone: string;
        };
        ImportCounts: {
            /**
             * Format: int64
             * @description That the logs tell of the period
             */
            calls: number;
            /**
             * Format: int64
             * @description Of those, which the logs tell otherwise
             */
            different: number;
            /**
             * Format: int64
             * @description Of those, which the logs tell alike
             */
            equal: number;
            /** Format: date-time */
            first: string | null;
            /**
             * Format: int64
             * @description Heard live: those stand
             */
            heard: number;
            /**
             * Format: int64
             * @description Left as an earlier import of more logs made them
             */
            kept: number;
            /** Format: date-time */
            last: string | null;
            /**
             * Format: int64
             * @description Of those, where nothing was stored
             */
            new: number;
            /**
             * Format: int64
             * @description Left out: everything of that time was heard, and no such call
             */
            only_in_logs: number;
            /**
             * Format: int64
             * @description Put in place of what an earlier import made
             */
            replaced: number;
            /**
             * Format: int64
             * @description As an earlier import made them
             */
            same: number;
            /**
             * Format: int64
             * @description Differences that are listed
             */
            shown: number;
            /**
             * Format: int64
             * @description Times of operators that were written
             */
            states: number;
            /** @description Members of queues whose device nobody knows */
            unknown: components["schemas"]["ImportMember"][];
            /**
             * Format: int64
             * @description Calls put in place or removed
             */
            written: number;
        };
        ImportDifference: {
            /**
             * Format: uuid
             * @description The stored call; of one that is only in the logs the one that was left out
             */
            call: string;
            caller: string;
            /** @description result, direction, dialled, queues, operators, rings, transfers, wait, talk, hold; wait, talk and hold in seconds */
            figure: string;
            /** @enum {string} */
            kind: "figures" | "only_in_logs" | "split" | "joined";
            logged: string;
            /** Format: int64 */
            n: number;
            /** @enum {string} */
            reason: "" | "no_holds" | "no_number" | "after_transfer" | "no_device" | "outside_queues" | "no_bridges" | "heard_in_part" | "refused_unseen" | "no_consultation";
            /** Format: date-time */
            start: string;
            stored: string;
        };
        ImportFail: {
            /** @enum {string} */
            code: "not_a_log" | "packed" | "zone_needed" | "wrong_zone" | "other_log" | "columns" | "encoding" | "nothing" | "interrupted" | "internal";
            detail: string;
            file: string;
        };
        ImportFile: {
            /**
             * Format: int64
             * @description Lines that could not be read
             */
            broken: number;
            /**
             * Format: int64
             * @description Times of the hour that clocks show twice
             */
            doubled: number;
            /** Format: date-time */
            first: string | null;
            /**
             * Format: int64
             * @description Lines in another encoding than was said
             */
            foreign: number;
            /**
             * @description Empty until it is read
             * @enum {string}
             */
            kind: "queue_log" | "cel" | "cdr" | "";
            /** Format: date-time */
            last: string | null;
            /** Format: int64 */
            lines: number;
            name: string;
            /**
             * Format: int64
             * @description Rows outside of the period
             */
            outside: number;
            /** @description The first of the broken lines */
            problems: components["schemas"]["ImportProblem"][];
            /**
             * Format: int64
             * @description Of the period
             */
            rows: number;
            /** @description Why the file ends before its end; empty where it does not */
            unfinished: string;
        };
        ImportIDOutputBody: {
            /** Format: uuid */
            id: string;
        };
        ImportMember: {
            name: string;
            /** Format: int64 */
            rings: number;
        };
        ImportOutputBody: {
            /** @description What changed, or would, as the list of changes tells it */
            changes: components["schemas"]["Change"][];
            dry_run: boolean;
            /**
             * Format: int64
             * @description Lines of the file
             */
            rows: number;
        };
        ImportProblem: {
            /** @enum {string} */
            flaw: "too_long" | "open_quote" | "few_fields" | "no_event" | "unknown_event" | "no_time" | "no_length" | "no_channel";
            /** Format: int64 */
            line: number;
            /** @description Its beginning */
            text: string;
            /** @description The field it is about */
            what: string;
        };
        ImportsOutputBody: {
            /** @description The latest 100, newest first */
            imports: components["schemas"]["Import"][];
        };
        InForce: {
            /**
             * Format: date-time
             * @description Calls are judged by the decision from this moment on, seconds more or less
             */
            from: string;
            /** @description The command, run beside the cloud, that judges calls before it anew; with --dry-run it only shows what would change */
            past: string;
            /**
             * Format: int64
             * @description Of all decisions of the tenant
             */
            revision: number;
        };
        InvitationLink: {
            /** Format: date-time */
            expires: string;
            /** @description Of the portal; what follows the # never reaches a server's log */
            path: string;
        };
        InviteInputBody: {
            /** @enum {string} */
            language?: "en" | "ru";
            limits?: components["schemas"]["Limits"];
            login: string;
            name: string;
            /** Format: int32 */
            person?: number;
            role: string;
        };
        InviteOutputBody: {
            invitation: components["schemas"]["InvitationLink"];
            user: components["schemas"]["Account"];
        };
        Item: {
            /** Format: date-time */
            from: string;
            /** @enum {string} */
            kind: "work" | "break";
            /** Format: date-time */
            to: string;
        };
        JournalFilter: {
            attribute?: string[];
            direction?: ("inbound" | "outbound" | "internal")[];
            disposition?: ("answered" | "abandoned" | "timeout" | "join_empty" | "leave_empty" | "voicemail" | "no_answer" | "busy" | "rejected" | "failed")[];
            /** Format: date-time */
            from: string;
            number?: string;
            operator?: number[];
            pbx?: number[];
            person?: number[];
            queue?: number[];
            /** Format: date-time */
            to: string;
        };
        Letter: {
            address: string;
            /** Format: date-time */
            changed: string;
            detail: string;
            problem: string;
            /** @enum {string} */
            state: "waiting" | "sending" | "sent" | "unsure" | "failed" | "refused";
        };
        Limits: {
            groups?: number[];
            /** @description Devices */
            operators?: number[];
            /** @description Their devices while they are theirs */
            people?: number[];
            queues?: number[];
            /**
             * @description limited: to what is listed; own: to the devices of the user's person
             * @enum {string}
             */
            see: "all" | "limited" | "own" | "nothing";
        };
        LoginInputBody: {
            login: string;
            password: string;
        };
        MailBody: {
            /** @description null: no mail server is set */
            settings: components["schemas"]["ShownMailSettings"] | null;
        };
        MailInputBody: {
            /** @description Addresses and @domains outside the tenant's users that reports may go to */
            allowed: string[];
            /** @example smtp.example.com */
            host: string;
            /** @description Empty where the server asks for none */
            login: string;
            /** @description Without it the stored one stays, which is refused for another server; empty: none */
            password?: string;
            /**
             * Format: int64
             * @example 587
             */
            port: number;
            /**
             * @description none: on the cloud's own machine only
             * @enum {string}
             */
            security: "starttls" | "tls" | "none";
            /** @description The address letters come from */
            sender: string;
            sender_name: string;
        };
        MailTestInputBody: {
            /** Format: email */
            to: string;
        };
        MailTestOutputBody: {
            /** @description What the server or the network said */
            detail: string;
            /** @description What went wrong and what to do, in the viewer's language */
            problem: string;
            /** @description The mail server took the letter */
            sent: boolean;
        };
        Missing: {
            /** @description Its bounds are when something was last and next heard, or events is a share of a gap that reaches beyond it */
            estimated: boolean;
            /**
             * Format: int64
             * @description Known to be lost in it; 0 where nobody can know
             */
            events: number;
            /** Format: date-time */
            from: string;
            /** @description spool-full, spool-age, damaged, cut, unwritable, forgotten, undecodable, disconnected, silent, unheard */
            reasons: string[];
            /**
             * Format: double
             * @description 0 where events of one moment are lost
             */
            seconds: number;
            /** Format: date-time */
            to: string;
        };
        Numbered: {
            /** Format: int32 */
            id: number;
            name: string;
            /** @description As the PBX names it */
            number: string;
            station: string;
        };
        NumbersOutputBody: {
            numbers: components["schemas"]["DialledNumber"][];
        };
        NumberVerdict: {
            /** @enum {string} */
            by: "correction" | "rule" | "queue" | "device" | "did" | "service" | "star" | "length" | "nothing";
            /** @enum {string} */
            kind: "unknown" | "operator" | "queue" | "did" | "outside" | "service";
            number: string;
            /** @description Of the rule */
            pattern?: string;
            /**
             * Format: int64
             * @description Of the rule in the station's list, from 1
             */
            position?: number;
            /** @description In the viewer's language */
            why: string;
        };
        OperatorState: {
            /**
             * @description action: AMI or the command line; listed: nobody saw it, the PBX's list had it
             * @enum {string}
             */
            began_by: "dialplan" | "action" | "autopause" | "listed" | "";
            /** @description Why the pause ended */
            end_reason: string;
            /**
             * @description stop: Asterisk stopped; call: the operator spoke again
             * @enum {string}
             */
            ended_by: "dialplan" | "action" | "logout" | "call" | "stop" | "listed" | "";
            /** @description Begin or end was not seen */
            estimated: boolean;
            /** Format: date-time */
            from: string;
            /** Format: uuid */
            id: string;
            /** @description What the queue rings, or the device */
            interface: string;
            /**
             * @description logged_in to wrap_up are of one queue and may overlap; of the others an operator has one at a time
             * @enum {string}
             */
            kind: "unknown" | "logged_in" | "paused" | "penalty" | "wrap_up" | "ringing" | "busy" | "on_hold" | "idle" | "unreachable";
            /** @description The queue's name for the operator, or the number of an agent of a pool */
            member: string;
            /**
             * @description agent: of a pool
             * @enum {string}
             */
            membership: "static" | "dynamic" | "realtime" | "agent" | "";
            /** Format: int32 */
            operator: number;
            /** Format: int32 */
            pbx: number;
            /** Format: int32 */
            penalty: number;
            /** @description Whose the device was while it lasted, as far as anybody said */
            people: components["schemas"]["PersonRef"][];
            /**
             * Format: int32
             * @description Of ringing, busy and on_hold: the queue whose call it is; null for none, and for agents of a pool
             */
            queue: number | null;
            /** @description Why it was paused */
            reason: string;
            /**
             * Format: date-time
             * @description null while it lasts; the end of a wrap-up is known from its beginning
             */
            to: string | null;
        };
        PBX: {
            /** @description null before an agent was enrolled */
            agent: components["schemas"]["Agent"] | null;
            /** @description The version it reported */
            asterisk: string;
            /** @description Of the last 30 days, newest first */
            gaps: components["schemas"]["Gap"][];
            /** Format: int32 */
            id: number;
            name: string;
            station: string;
        };
        PBXCoverage: {
            /**
             * Format: double
             * @description Of those, in which everything was heard
             */
            covered_seconds: number;
            /**
             * Format: int64
             * @description Events known to be lost in the period
             */
            events_lost: number;
            /** Format: int32 */
            id: number;
            /**
             * Format: int64
             * @description How many intervals are missing
             */
            intervals: number;
            /** @description The first 1000 of them, in order; they do not overlap */
            missing: components["schemas"]["Missing"][];
            name: string;
            /**
             * Format: double
             * @description Of the period, since the PBX is known
             */
            seconds: number;
            /**
             * Format: double
             * @description covered_seconds ÷ seconds; null where seconds is 0
             */
            share: number | null;
            /**
             * Format: date-time
             * @description When it was heard first; the time before is not missing. null: never
             */
            since: string | null;
        };
        PBXName: {
            /** Format: int32 */
            id: number;
            name: string;
            station: string;
        };
        PbxsOutputBody: {
            pbxs: components["schemas"]["PBX"][];
        };
        PeopleOutputBody: {
            people: components["schemas"]["Person"][];
        };
        Person: {
            /** @description Devices, the latest first */
            bindings: components["schemas"]["Binding"][];
            /** Format: int32 */
            id: number;
            name: string;
            note: string;
            /** @description Not to be watched: appears nowhere but to who has the right unwatched.read */
            unwatched: boolean;
        };
        PersonAt: {
            /** Format: int32 */
            id: number;
            name: string;
            /**
             * Format: int32
             * @description The device
             */
            operator: number;
        };
        PersonBody: {
            name: string;
            note?: string;
            /** @description Not to be watched */
            unwatched?: boolean;
        };
        PersonRef: {
            /** Format: int32 */
            id: number;
            name: string;
        };
        PoliciesOutputBody: {
            /** @description Those of all queues first, each from the earliest */
            policies: components["schemas"]["Policy"][];
        };
        Policy: {
            /**
             * Format: int32
             * @description Seconds in which a missed caller is to be called back
             */
            call_back: number;
            /**
             * Format: date-time
             * @description Calls that enter from this moment on; null: since ever. Of several the latest counts
             */
            from: string | null;
            /** Format: int32 */
            id: number;
            /**
             * Format: int32
             * @description null: all queues that have no policy of their own
             */
            queue: number | null;
            /**
             * Format: int32
             * @description s, seconds: who gives up sooner is a short abandon
             */
            short: number;
            /**
             * Format: int32
             * @description Short abandons count as every abandon (0), or as if they had never called (1)
             */
            shorts: number;
            /**
             * Format: double
             * @description What is aimed at: 0.8; 0: nothing
             */
            target: number;
            /**
             * Format: int32
             * @description T, seconds
             */
            threshold: number;
            /**
             * Format: int32
             * @description 1: (answered in T + abandoned in T) ÷ (answered + abandoned). 2: answered in T ÷ answered. 3: answered in T ÷ (answered + abandoned). 4: answered in T ÷ (answered + abandoned after T). 5: (answered in T + abandoned in s) ÷ (answered + abandoned)
             */
            variant: number;
        };
        PolicyBody: {
            /**
             * Format: int32
             * @description Seconds in which a missed caller is to be called back
             */
            call_back: number;
            /**
             * Format: date-time
             * @description May be past; null: since ever
             */
            from: string | null;
            /**
             * Format: int32
             * @description null: all queues that have no policy of their own
             */
            queue: number | null;
            /**
             * Format: int32
             * @description s, seconds: who gives up sooner is a short abandon
             */
            short: number;
            /**
             * Format: int32
             * @description Short abandons count as every abandon (0), or as if they had never called (1)
             */
            shorts: number;
            /**
             * Format: double
             * @description 0.8; 0: nothing is aimed at
             */
            target: number;
            /**
             * Format: int32
             * @description T, seconds
             */
            threshold: number;
            /**
             * Format: int32
             * @description SL1 to SL5
             */
            variant: number;
        };
        PreferencesInputBody: {
            /** @enum {string} */
            language: "en" | "ru";
        };
        Prefix: {
            /** @example Moscow */
            name: string;
            /** @example 7495 */
            prefix: string;
        };
        PrefixesOutputBody: {
            /** @description The longest that fits decides */
            prefixes: components["schemas"]["Prefix"][];
        };
        Problem: {
            /**
             * @description What happened, for machines
             * @example not-found
             */
            code: string;
            /** @description What happened and what to do, for people, in their language */
            detail: string;
            /** @description What is wrong with which part of the request */
            fields?: components["schemas"]["ProblemField"][] | null;
            /**
             * Format: int64
             * @example 404
             */
            status: number;
            /**
             * @description The HTTP status in words
             * @example Not Found
             */
            title: string;
            /**
             * @description urn:callweave:problem: and the code
             * @example urn:callweave:problem:not-found
             */
            type: string;
        };
        ProblemField: {
            /** @example query.from */
            location: string;
            message: string;
        };
        Queue: {
            /**
             * Format: int32
             * @description Its working hours; null: always open
             */
            calendar: number | null;
            /** Format: int32 */
            id: number;
            /** @description What it is called here; empty: as the PBX calls it */
            name: string;
            /** @description As the PBX names it */
            number: string;
            /** @description What the PBX calls it */
            seen: string;
            /** @description Where it was seen */
            station: string;
            /** @description IANA time zone; empty: the tenant's */
            zone: string;
        };
        QueueInputBody: {
            /**
             * Format: int32
             * @description Its working hours; null: always open
             */
            calendar: number | null;
            /** @description What it is called here; empty: as the PBX calls it */
            name: string;
            /** @description IANA time zone; empty: the tenant's */
            zone: string;
        };
        QueuesOutputBody: {
            queues: components["schemas"]["Queue"][];
        };
        RawEvent: {
            /**
             * Format: date-time
             * @description When the agent received it
             */
            at: string;
            /** @description Pairs of key and value, as the PBX sent them */
            fields: (string[] | null)[];
            name: string;
            /** Format: int32 */
            pbx: number;
            /**
             * Format: int64
             * @description Its number in the agent's stream
             */
            seq: number;
        };
        Reason: {
            /**
             * Format: int32
             * @description Seconds one may last; 0: no limit
             */
            limit: number;
            /** @description What it is called here; empty: the same */
            name: string;
            /** @description Part of paid time */
            paid: boolean;
            /** @description As the PBX says it; empty: pauses without one */
            reason: string;
            /** @description No break at all: training, back office */
            work: boolean;
        };
        ReasonsOutputBody: {
            /** @description What was decided */
            reasons: components["schemas"]["Reason"][];
            /** @description Reasons of the last 30 days of which nothing was decided; an empty one: pauses without */
            seen: string[];
        };
        Recipient: {
            address: string;
            /** Format: uuid */
            id: string;
            name: string;
        };
        RecipientsOutputBody: {
            /** @description Other addresses, and @domains, that reports may go to */
            allowed: string[];
            /** @description There is a mail server */
            mail: boolean;
            /** @description Those whose log-in is an e-mail address */
            users: components["schemas"]["Recipient"][];
        };
        ReferencesOutputBody: {
            /** @description Channel variables that carry a reference from one PBX to the next, besides the usual ones */
            names: string[];
        };
        ReportBinding: {
            /** Format: int64 */
            from: number;
            /** Format: int32 */
            operator: number;
            /** Format: int32 */
            person: number;
            /** Format: int64 */
            to: number;
        };
        ReportCalendar: {
            days: components["schemas"]["ReportHoliday"][];
            /** Format: int32 */
            id: number;
            name: string;
            week: ((number[] | null)[] | null)[];
        };
        ReportCatalogue: {
            dimensions: components["schemas"]["ReportDimension"][];
            families: components["schemas"]["ReportFamily"][];
            measures: components["schemas"]["ReportMeasure"][];
            /** @description What the codes of a table's notes say */
            notes: components["schemas"]["ReportNote"][];
            reports: components["schemas"]["ReportDefinition"][];
        };
        ReportDefinition: {
            /**
             * Format: int64
             * @description Days of facts beyond the period it looks into
             */
            after: number;
            /** @description Dimensions it comes with */
            by: string[];
            /**
             * @description '': none
             * @enum {string}
             */
            chart: "bars" | "lines" | "heatmap" | "distribution" | "funnel" | "matrix" | "timeline" | "";
            /** @description Measures it comes with, in order */
            columns: string[];
            family: string;
            /** @description The measure the chart draws */
            figure: string;
            id: string;
            /** @description Dimensions it can be grouped by, two at most */
            may: string[];
            /** @description Measures it can show besides */
            more: string[];
            /** @description Sections of facts it reads */
            needs: string[];
            /** @description A sentence on what it tells */
            tells: string;
            title: string;
        };
        ReportDID: {
            /** Format: int32 */
            id: number;
            name: string;
            number: string;
            /** Format: int32 */
            station: number;
        };
        ReportDimension: {
            id: string;
            /** @description Its keys are buckets of time */
            time: boolean;
            title: string;
        };
        ReportFamily: {
            id: string;
            title: string;
        };
        ReportFilter: {
            dids?: string[];
            directions?: string[];
            dispositions?: string[];
            groups?: number[];
            hours: string;
            ivr?: string[];
            numbers?: string[];
            operators?: number[];
            pbxs?: number[];
            people?: number[];
            queues?: number[];
            stations?: number[];
            tags?: number[];
            trunks?: number[];
            weekdays?: number[];
        };
        ReportGroup: {
            /** Format: int32 */
            id: number;
            kind: string;
            name: string;
            operators: number[];
            people: number[];
            queues: number[];
        };
        ReportHeard: {
            missing: components["schemas"]["ReportMissing"][];
            /** Format: int32 */
            pbx: number;
            /** Format: int64 */
            since: number;
        };
        ReportHoliday: {
            day: string;
            hours: (number[] | null)[];
            name: string;
        };
        ReportMeasure: {
            /**
             * Format: int64
             * @description 1: more is good, -1: less is, 0: neither
             */
            better: number;
            /** @description There are calls behind it */
            drill: boolean;
            formula: string;
            id: string;
            /** @description Where the definition comes from */
            source: string;
            title: string;
            /** @enum {string} */
            unit: "count" | "ms" | "share" | "ratio" | "time" | "text";
        };
        ReportMissing: {
            /** Format: int64 */
            events: number;
            /** Format: int64 */
            from: number;
            reasons: string[];
            /** Format: int64 */
            to: number;
        };
        ReportNamed: {
            /** Format: int32 */
            id: number;
            name: string;
        };
        ReportNames: {
            bindings: components["schemas"]["ReportBinding"][];
            calendars: components["schemas"]["ReportCalendar"][];
            coverage: components["schemas"]["ReportHeard"][];
            dids: components["schemas"]["ReportDID"][];
            groups: components["schemas"]["ReportGroup"][];
            operators: components["schemas"]["ReportOperator"][];
            pbxs: components["schemas"]["ReportPBX"][];
            people: components["schemas"]["ReportPerson"][];
            policies: components["schemas"]["ReportPolicy"][];
            prefixes: components["schemas"]["ReportPrefix"][];
            queues: components["schemas"]["ReportQueue"][];
            reasons: components["schemas"]["ReportReason"][];
            shifts: components["schemas"]["ReportRoster"][];
            stations: components["schemas"]["ReportNamed"][];
            tags: components["schemas"]["ReportNamed"][];
            trunks: components["schemas"]["ReportTrunk"][];
            zone: string;
            zones: {
                [key: string]: components["schemas"]["ReportShift"][] | null;
            };
        };
        ReportNote: {
            id: string;
            text: string;
        };
        ReportOperator: {
            /** Format: int32 */
            id: number;
            name: string;
            number: string;
            /** Format: int32 */
            station: number;
        };
        ReportPBX: {
            /** Format: int32 */
            id: number;
            name: string;
            /** Format: int32 */
            station: number;
        };
        ReportPerson: {
            /** Format: int32 */
            id: number;
            name: string;
        };
        ReportPolicy: {
            /** Format: int32 */
            call_back: number;
            /** Format: int64 */
            from: number;
            /** Format: int32 */
            queue: number;
            /** Format: int32 */
            short: number;
            /** Format: int32 */
            shorts: number;
            /** Format: double */
            target: number;
            /** Format: int32 */
            threshold: number;
            /** Format: int32 */
            variant: number;
        };
        ReportPrefix: {
            name: string;
            prefix: string;
        };
        ReportQuery: {
            before?: components["schemas"]["ReportSpan"];
            by?: string[];
            columns?: string[];
            count: string;
            /** Format: int64 */
            days: number;
            filter: components["schemas"]["ReportFilter"];
            /** Format: int64 */
            from: number;
            /** Format: int64 */
            interval: number;
            /** Format: int64 */
            limit: number;
            /** Format: int64 */
            now: number;
            policy?: components["schemas"]["ReportPolicy"];
            report: string;
            same: boolean;
            sort: string;
            steps?: number[];
            /** Format: int64 */
            to: number;
            zone: string;
        };
        ReportQueue: {
            /** Format: int32 */
            calendar: number;
            /** Format: int32 */
            id: number;
            name: string;
            number: string;
            /** Format: int32 */
            station: number;
            zone: string;
        };
        ReportReason: {
            /** Format: int32 */
            limit: number;
            name: string;
            paid: boolean;
            text: string;
            work: boolean;
        };
        ReportRoster: {
            /** Format: int64 */
            from: number;
            kind: string;
            /** Format: int32 */
            person: number;
            /** Format: int64 */
            to: number;
        };
        ReportShift: {
            /** Format: int64 */
            at: number;
            /** Format: int32 */
            offset: number;
        };
        ReportSpan: {
            /** Format: int64 */
            from: number;
            /** Format: int64 */
            to: number;
        };
        ReportTrunk: {
            endpoint: string;
            /** Format: int32 */
            id: number;
            /** Format: int32 */
            lines: number;
            name: string;
            /** Format: int32 */
            station: number;
        };
        RevokeInputBody: {
            why: string;
        };
        Rhythm: {
            /**
             * Format: int64
             * @description Minutes from midnight, by clocks of the zone
             */
            at: number;
            /**
             * Format: int64
             * @description Of month; in a month that has no such day, its last
             */
            day?: number;
            /** @enum {string} */
            every: "day" | "week" | "month";
            /** @description Of week; 1 is Monday */
            weekdays?: number[];
            /** @description IANA; empty: the tenant's */
            zone: string;
        };
        Role: {
            /** @description Comes with the product and cannot be changed; name is empty */
            built_in: boolean;
            /** @description A word for those that come with the product, a number for the tenant's own */
            id: string;
            /** @description Where nobody says it of the user */
            limits: components["schemas"]["Limits"];
            name: string;
            rights: string[];
        };
        RoleBody: {
            /** @description Where nobody says it of the user */
            limits: components["schemas"]["Limits"];
            name: string;
            rights: string[];
        };
        RolesOutputBody: {
            /** @description All there are */
            rights: string[];
            roles: components["schemas"]["Role"][];
        };
        RosterInputBody: {
            /**
             * Format: date-time
             * @description What begins at or after this moment
             */
            from: string;
            /** Format: int32 */
            person: number;
            shifts: components["schemas"]["Item"][];
            /**
             * Format: date-time
             * @description and before this one is replaced
             */
            to: string;
        };
        RostersOutputBody: {
            /** @description By person and begin */
            shifts: components["schemas"]["Shift"][];
        };
        RulesOutputBody: {
            /** @description The first that matches decides */
            rules: components["schemas"]["ExtenRule"][];
        };
        Schedule: {
            /** @description Others who get it, as far as the mail settings allow */
            addresses: string[];
            /** @description Of the files with the letter */
            formats: ("csv" | "xlsx" | "parquet")[];
            /** Format: int32 */
            id: number;
            /**
             * @description Of recipients who are no users; users read their own
             * @enum {string}
             */
            language: "en" | "ru";
            /** @description The latest sending; null before the first */
            last: components["schemas"]["Sending"] | null;
            name: string;
            /**
             * Format: date-time
             * @description When it is due next; null while paused
             */
            next: string | null;
            own: boolean;
            /** @description The name of whose it is; what he may see is what is in it */
            owner: string;
            paused: boolean;
            /** @enum {string} */
            period: "today" | "yesterday" | "7d" | "30d" | "this-week" | "last-week" | "this-month" | "last-month";
            /** @description Of the report; its period does not matter */
            query: components["schemas"]["ReportQuery"];
            rhythm: components["schemas"]["Rhythm"];
            /** @description The same as the report's page has it in its address, without a period: what the link in the letter opens */
            search: string;
            /** @description Ids of users who get it, at the address they sign in with */
            users: string[];
        };
        ScheduleBody: {
            /** @description Others who get it, as far as the mail settings allow */
            addresses: string[];
            /** @description Of the files with the letter */
            formats: ("csv" | "xlsx" | "parquet")[];
            /**
             * @description Of recipients who are no users; users read their own
             * @enum {string}
             */
            language: "en" | "ru";
            name: string;
            paused: boolean;
            /** @enum {string} */
            period: "today" | "yesterday" | "7d" | "30d" | "this-week" | "last-week" | "this-month" | "last-month";
            /** @description Of the report; its period does not matter */
            query: components["schemas"]["ReportQuery"];
            rhythm: components["schemas"]["Rhythm"];
            /** @description The same as the report's page has it in its address, without a period: what the link in the letter opens */
            search: string;
            /** @description Ids of users who get it, at the address they sign in with */
            users: string[];
        };
        SchedulesOutputBody: {
            schedules: components["schemas"]["Schedule"][];
        };
        Sending: {
            /** Format: date-time */
            began: string;
            by_hand: boolean;
            /** @description What the mail server said */
            detail: string;
            /** Format: date-time */
            due: string;
            /**
             * Format: date-time
             * @description null while it goes on
             */
            ended: string | null;
            /**
             * Format: date-time
             * @description The period it is about
             */
            from: string;
            letters: components["schemas"]["Letter"][];
            /** @description What went wrong and what to do, in the viewer's language */
            problem: string;
            /** @enum {string} */
            state: "waiting" | "sent" | "partly" | "failed" | "refused";
            /** Format: date-time */
            to: string;
            /** Format: int64 */
            tries: number;
        };
        SendingsOutputBody: {
            /** @description The latest 50, newest first */
            sendings: components["schemas"]["Sending"][];
        };
        SendNowOutputBody: {
            /**
             * Format: date-time
             * @description Names the sending in the history, where it appears within seconds
             */
            due: string;
        };
        Session: {
            /** @enum {string} */
            realm: "tenant" | "vendor";
            /** @description What this user may do: see GET /roles */
            rights: string[];
            /**
             * @description How far that reaches: limited to some queues and devices, or to own devices
             * @enum {string}
             */
            sees: "all" | "limited" | "own" | "nothing";
            /** @description null in the vendor realm */
            tenant: components["schemas"]["Tenant"] | null;
            user: components["schemas"]["User"];
        };
        SetReferencesInputBody: {
            names: string[];
        };
        SetReferencesOutputBody: {
            in_force: components["schemas"]["InForce"];
            names: string[];
        };
        SetRulesInputBody: {
            rules: components["schemas"]["ExtenRule"][];
        };
        SetRulesOutputBody: {
            in_force: components["schemas"]["InForce"];
            rules: components["schemas"]["ExtenRule"][];
        };
        SetTrunkPairInputBody: {
            /** @example PJSIP/branch */
            endpoint: string;
            note?: string;
            /** Format: int32 */
            pbx: number;
            /** Format: int32 */
            peer: number;
            /** @example PJSIP/main */
            peer_endpoint: string;
            /** @enum {string} */
            state: "confirmed" | "rejected";
        };
        Shift: {
            /** Format: date-time */
            from: string;
            /** @enum {string} */
            kind: "work" | "break";
            /** Format: int32 */
            person: number;
            /** Format: date-time */
            to: string;
        };
        ShownMailSettings: {
            /** @description Addresses and @domains outside the tenant's users that reports may go to */
            allowed: string[];
            /** @description A password is stored */
            has_password: boolean;
            /** @example smtp.example.com */
            host: string;
            /** @description Empty where the server asks for none */
            login: string;
            /**
             * Format: int64
             * @example 587
             */
            port: number;
            /**
             * @description none: on the cloud's own machine only
             * @enum {string}
             */
            security: "starttls" | "tls" | "none";
            /** @description The address letters come from */
            sender: string;
            sender_name: string;
        };
        StatesOutputBody: {
            /** @description Cursor of the following states; null at the end */
            next: string | null;
            /** @description By begin, the latest first */
            states: components["schemas"]["OperatorState"][];
        };
        Station: {
            /** Format: int32 */
            id: number;
            name: string;
            pbxs: string[];
        };
        StationsOutputBody: {
            stations: components["schemas"]["Station"][];
        };
        Tag: {
            /** Format: int32 */
            id: number;
            name: string;
            /** @description Stays on calls that have it, and is offered for no other */
            retired: boolean;
        };
        TagBody: {
            name: string;
            /** @description Stays on calls that have it, and is offered for no other */
            retired?: boolean;
        };
        TagCallInputBody: {
            tags: number[];
        };
        TagCallOutputBody: {
            tags: number[];
        };
        TagsOutputBody: {
            tags: components["schemas"]["Tag"][];
        };
        Tenant: {
            /** Format: uuid */
            id: string;
            name: string;
            /**
             * @description IANA time zone
             * @example Europe/Moscow
             */
            zone: string;
        };
        TokenOutputBody: {
            /** @description To be run on the PBX */
            command: string;
            /** Format: date-time */
            expires: string;
            pbx: components["schemas"]["PBXName"];
            /** @description Works once */
            token: string;
        };
        Trunk: {
            endpoint: string;
            /** Format: int32 */
            id: number;
            station: string;
        };
        TrunkInputBody: {
            /**
             * Format: int32
             * @description How many calls it carries at once; 0: nobody says
             */
            lines: number;
            name: string;
        };
        TrunkLine: {
            /** @example PJSIP/carrier */
            endpoint: string;
            /** Format: int32 */
            id: number;
            /**
             * Format: int32
             * @description How many calls it carries at once; 0: nobody said
             */
            lines: number;
            /** @description What it is called here; empty: its endpoint */
            name: string;
            station: string;
        };
        TrunkPair: {
            /**
             * Format: int64
             * @description Calls that went from one to the other by a reference or a SIP Call-ID
             */
            certain: number;
            /** @example PJSIP/branch */
            endpoint: string;
            /**
             * Format: date-time
             * @description null where none were seen
             */
            last_seen: string | null;
            /**
             * Format: int64
             * @description The same by numbers and times
             */
            likely: number;
            /**
             * Format: date-time
             * @description When it was decided; null where nobody did
             */
            made: string | null;
            note: string;
            /**
             * Format: int32
             * @description The one of the lesser id; a pair has no direction
             */
            pbx: number;
            /**
             * Format: int32
             * @description The other PBX
             */
            peer: number;
            /** @example PJSIP/main */
            peer_endpoint: string;
            /**
             * Format: int64
             * @description Calls that might have, had it been clear which is which
             */
            possible: number;
            /**
             * @description proposed: calls were seen that went from one to the other, or might have
             * @enum {string}
             */
            state: "proposed" | "confirmed" | "rejected";
        };
        TrunkPairsOutputBody: {
            pairs: components["schemas"]["TrunkPair"][];
        };
        TrunksOutputBody: {
            trunks: components["schemas"]["TrunkLine"][];
        };
        User: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            language: "en" | "ru";
            login: string;
            name: string;
            /**
             * Format: int32
             * @description The device that is this user's for good
             */
            operator: number | null;
            /**
             * Format: int32
             * @description Who this user is among the people at devices
             */
            person: number | null;
            /**
             * @description custom: one the tenant made; staff in the vendor realm
             * @enum {string}
             */
            role: "administrator" | "supervisor" | "operator" | "operator_figures" | "none" | "custom" | "staff";
            /** @description Of a custom role */
            role_name: string;
        };
        View: {
            /** Format: date-time */
            changed: string;
            /** @description Of the viewer */
            favorite: boolean;
            /** Format: int32 */
            id: number;
            name: string;
            /** @description The viewer may change it */
            own: boolean;
            /** @description The name of whose it is */
            owner: string;
            /** @description Of the catalogue of reports; calls: the journal */
            report: string;
            /** @description What stands after the ? of the page's address: the whole state */
            search: string;
            /** @description With everybody of the tenant; each sees what he may see himself */
            shared: boolean;
        };
        ViewBody: {
            name: string;
            report: string;
            search: string;
            shared: boolean;
        };
        ViewsOutputBody: {
            /** @description Favorites first, then by name */
            views: components["schemas"]["View"][];
        };
        ZoneBody: {
            /** @example Europe/Moscow */
            zone: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "revoke-agent": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-audit": {
        parameters: {
            query?: {
                /** @description Only these: binding.change; or all of a kind: binding */
                action?: string;
                /** @description next of the answer before */
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-bindings": {
        parameters: {
            query?: {
                /** @description Only those in force at this moment */
                at?: string;
                operator?: number[] | null;
                person?: number[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BindingsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-binding": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BindingBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Binding"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-binding": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BindingBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Binding"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-binding": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-calendars": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CalendarsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CalendarBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Calendar"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-calendar": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-calls": {
        parameters: {
            query?: {
                /** @description Calls a leg of which has an attribute (channel variable or AMI field) of this name, or of this name and value, as NAME or NAME:VALUE; given several times, all of them */
                attribute?: string[] | null;
                /** @description next of the answer before; the other parameters stay the same */
                cursor?: string;
                direction?: ("inbound" | "outbound" | "internal")[] | null;
                disposition?: ("answered" | "abandoned" | "timeout" | "join_empty" | "leave_empty" | "voicemail" | "no_answer" | "busy" | "rejected" | "failed")[] | null;
                /** @description Calls that began at or after this moment */
                from?: string;
                /** @description Of these calls only */
                id?: string[] | null;
                limit?: number;
                /** @description Part of the number of the caller or the dialled one; spaces, brackets, dashes and a leading + do not matter */
                number?: string;
                /** @description Calls that rang at, were spoken or made by any of these operators */
                operator?: number[] | null;
                /** @description Calls that touched any of these PBXs */
                pbx?: number[] | null;
                /** @description Calls in which a device of any of these people took part while it was theirs */
                person?: number[] | null;
                /** @description Calls that were in any of these queues */
                queue?: number[] | null;
                /** @description Calls that have any of these tags */
                tag?: number[] | null;
                /** @description Calls that began before this moment */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-call": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-call-events": {
        parameters: {
            query?: {
                /** @description next of the answer before */
                after?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tag-call": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagCallInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagCallOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "watch-calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events named calls, whose data is ChangedCalls as JSON */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ChangedCalls"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "console-agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleAgentsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "console-tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConsoleTenantsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-coverage": {
        parameters: {
            query: {
                /** @description Begin of the period */
                from: string;
                /** @description End of the period; what lies in the future is no part of it */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CoverageOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-dids": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DidsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-did": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DidInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityNumber"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Directory"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-endpoints": {
        parameters: {
            query?: {
                class?: "unknown" | "device" | "trunk";
                /** @description Only those somebody corrected */
                corrected?: boolean;
                station?: number[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "correct-endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectEndpointInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "uncorrect-endpoint": {
        parameters: {
            query: {
                endpoint: string;
                station: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    export: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportInputBody"];
            };
        };
        responses: {
            /** @description The file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.parquet": string;
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "text/csv; charset=utf-8": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-facts": {
        parameters: {
            query: {
                from: string;
                sections: ("calls" | "numbers" | "visits" | "attempts" | "segments" | "transfers" | "steps" | "states" | "tags" | "ids")[] | null;
                /** @description Exclusive */
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FactsManifest"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-facts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                day: string;
                rev: string;
                scope: string;
                section: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See docs/facts.md */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Encoding"?: string;
                    "Content-Type"?: string;
                    ETag?: string;
                    "Facts-Cursor"?: string;
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/cbor": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-names": {
        parameters: {
            query: {
                /** @description Begin of the period, for coverage and rosters */
                from: string;
                /** @description End of the period */
                to: string;
                /** @description IANA names of zones that are wanted besides those of the tenant and its queues */
                zones?: string[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportNames"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-facts-tail": {
        parameters: {
            query: {
                /** @description The cursor of the manifest, or of the answer before */
                since: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See docs/facts.md */
            200: {
                headers: {
                    "Cache-Control"?: string;
                    "Content-Encoding"?: string;
                    "Content-Type"?: string;
                    ETag?: string;
                    "Facts-Cursor"?: string;
                    Vary?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/cbor": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-group": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-group": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "multipart/form-data": {
                    /** @description Only look */
                    dry_run?: boolean;
                    /** @description utf-8 by default */
                    encoding?: string;
                    file: string[];
                    /**
                     * Format: date-time
                     * @description Calls that began at this moment or later
                     */
                    from?: string;
                    /** @description Anna Alpha=PJSIP/101: whose device a member of queues has */
                    member?: string[] | null;
                    /**
                     * Format: int32
                     * @description The PBX that wrote them
                     */
                    pbx: number;
                    /**
                     * Format: date-time
                     * @description Calls that began before this moment
                     */
                    to?: string;
                    /** @description Time zone of local times in the files; the tenant's by default */
                    zone?: string;
                };
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportIDOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-import-differences": {
        parameters: {
            query?: {
                /** @description The n of the last one seen */
                after?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DifferencesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "accept-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "look-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GuestInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuestOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-list": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description people, queues, groups, hours, holidays, policies, reasons, tags, trunks, dids, prefixes, rosters */
                list: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Content-Disposition"?: string;
                    "Content-Type"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-list": {
        parameters: {
            query?: {
                /** @description Only tells what would change */
                dry_run?: boolean;
            };
            header?: never;
            path: {
                list: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-holidays": {
        parameters: {
            query?: {
                /** @description Only tells what would change */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-hours": {
        parameters: {
            query?: {
                /** @description Only tells what would change */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "import-policies": {
        parameters: {
            query?: {
                /** @description Only tells what would change */
                dry_run?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "text/csv": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-numbers": {
        parameters: {
            query?: {
                kind?: "did" | "service";
                station?: number[] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumbersOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "correct-number": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CorrectNumberInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "uncorrect-number": {
        parameters: {
            query: {
                number: string;
                station: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-operator-states": {
        parameters: {
            query?: {
                /** @description next of the answer before; the other parameters stay the same */
                cursor?: string;
                /** @description States that last beyond this moment */
                from?: string;
                kind?: ("logged_in" | "paused" | "penalty" | "wrap_up" | "ringing" | "busy" | "on_hold" | "idle" | "unreachable")[] | null;
                limit?: number;
                operator?: number[] | null;
                pbx?: number[] | null;
                /** @description States of devices while they were any of these people's */
                person?: number[] | null;
                queue?: number[] | null;
                /** @description States that began before this moment */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-pbxs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PbxsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-pbx": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddPBXInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "new-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-person": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonRef"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PersonBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonRef"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-person": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoliciesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-policy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policy"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-policy": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-prefixes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PrefixesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-prefix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Prefix"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prefix"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-prefix": {
        parameters: {
            query: {
                prefix: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-queues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QueuesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-queue": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["QueueInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Queue"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-reasons": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReasonsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-reason": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reason"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-reason": {
        parameters: {
            query?: {
                /** @description As the PBX says it */
                reason?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecipientsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-references": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReferencesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-references": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetReferencesInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetReferencesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-reports": {
        parameters: {
            query?: never;
            header?: {
                "Accept-Language"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportCatalogue"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-role": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-role": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-role": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-rosters": {
        parameters: {
            query: {
                /** @description Times that begin at or after this moment */
                from: string;
                to: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RostersOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-roster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RosterInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-schedule": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "send-now": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendNowOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sendings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendingsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "who-am-i": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreferencesInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "test-mail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MailTestInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MailTestOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-stations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StationsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "judge-number": {
        parameters: {
            query: {
                number: string;
            };
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberVerdict"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-rules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RulesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-rules": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetRulesInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetRulesOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-tag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-tag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tag"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-tag": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTokensOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccessTokenBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccessTokenOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "revoke-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-trunk-pairs": {
        parameters: {
            query?: {
                /** @description Only those with an end on one of these PBXs */
                pbx?: number[] | null;
                state?: "proposed" | "confirmed" | "rejected";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkPairsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-trunk-pair": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTrunkPairInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-trunk-pair": {
        parameters: {
            query: {
                endpoint: string;
                pbx: number;
                peer: number;
                peer_endpoint: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InForce"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunksOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-trunk": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkLine"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "invite-user": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InviteInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InviteOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "new-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ViewsOutputBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "add-view": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ViewBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["View"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "favor-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FavorViewInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-zone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZoneBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-zone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ZoneBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ZoneBody"];
                };
            };
            /** @description What went wrong */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
