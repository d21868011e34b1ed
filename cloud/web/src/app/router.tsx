import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate, retainSearchParams } from '@tanstack/react-router'
import { JournalPage } from '../journal/JournalPage.tsx'
import { NotFound } from './NotFound.tsx'
import { ErrorState } from '../parts/States.tsx'
import { parseSearch, readJournal, readMissed, readScope, readSettings, readTeam, writeSearch, type Scope } from './search.ts'
import { readReport } from '../reports/search.ts'
import { Home, Shell } from './Shell.tsx'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: readScope,
  search: { middlewares: [retainSearchParams<Scope>(['period', 'from', 'to', 'queue'])] },
})
const home = createRoute({ getParentRoute: () => root, path: '/', component: Home })
export const calls = createRoute({ getParentRoute: () => root, path: '/calls', validateSearch: readJournal, component: JournalPage })
export const call = createRoute({ getParentRoute: () => calls, path: '$callId', component: lazyRouteComponent(() => import('../call/CallPage.tsx'), 'CallPage') })
const now = createRoute({ getParentRoute: () => root, path: '/now', component: lazyRouteComponent(() => import('../now/NowPage.tsx'), 'NowPage') })
const reports = createRoute({ getParentRoute: () => root, path: '/reports', component: lazyRouteComponent(() => import('../reports/CataloguePage.tsx'), 'CataloguePage') })
const report = createRoute({ getParentRoute: () => root, path: '/reports/$reportId', validateSearch: readReport, component: lazyRouteComponent(() => import('../reports/ReportPage.tsx'), 'ReportPage') })
const missed = createRoute({ getParentRoute: () => root, path: '/missed', validateSearch: readMissed, component: lazyRouteComponent(() => import('../missed/MissedPage.tsx'), 'MissedPage') })
const team = createRoute({ getParentRoute: () => root, path: '/team', validateSearch: readTeam, component: lazyRouteComponent(() => import('../team/TeamPage.tsx'), 'TeamPage') })
const settings = createRoute({ getParentRoute: () => root, path: '/settings', validateSearch: readSettings, component: lazyRouteComponent(() => import('../settings/SettingsPage.tsx'), 'SettingsPage') })
const pbxs = createRoute({ getParentRoute: () => settings, path: 'pbxs', component: lazyRouteComponent(() => import('../pbxs/PBXsPage.tsx'), 'PBXsPage') })
/** Where the PBXs were before. */
const oldPBXs = createRoute({ getParentRoute: () => root, path: '/pbxs', component: () => <Navigate to="/settings/pbxs" replace /> })
const people = createRoute({ getParentRoute: () => settings, path: 'people', component: lazyRouteComponent(() => import('../settings/PeoplePage.tsx'), 'PeoplePage') })
const person = createRoute({ getParentRoute: () => people, path: '$personId', component: lazyRouteComponent(() => import('../settings/PersonDetail.tsx'), 'PersonDetail') })
const devices = createRoute({ getParentRoute: () => settings, path: 'devices', component: lazyRouteComponent(() => import('../settings/DevicesPage.tsx'), 'DevicesPage') })
const numbers = createRoute({ getParentRoute: () => settings, path: 'numbers', component: lazyRouteComponent(() => import('../settings/NumbersPage.tsx'), 'NumbersPage') })
const trunks = createRoute({ getParentRoute: () => settings, path: 'trunks', component: lazyRouteComponent(() => import('../settings/TrunksPage.tsx'), 'TrunksPage') })
const imports = createRoute({ getParentRoute: () => settings, path: 'import', component: lazyRouteComponent(() => import('../settings/ImportPage.tsx'), 'ImportPage') })
const queues = createRoute({ getParentRoute: () => settings, path: 'queues', component: lazyRouteComponent(() => import('../settings/QueuesPage.tsx'), 'QueuesPage') })
const groups = createRoute({ getParentRoute: () => settings, path: 'groups', component: lazyRouteComponent(() => import('../settings/GroupsPage.tsx'), 'GroupsPage') })
const lines = createRoute({ getParentRoute: () => settings, path: 'lines', component: lazyRouteComponent(() => import('../settings/LinesPage.tsx'), 'LinesPage') })
const hours = createRoute({ getParentRoute: () => settings, path: 'hours', component: lazyRouteComponent(() => import('../settings/HoursPage.tsx'), 'HoursPage') })
const policies = createRoute({ getParentRoute: () => settings, path: 'policies', component: lazyRouteComponent(() => import('../settings/PoliciesPage.tsx'), 'PoliciesPage') })
const statuses = createRoute({ getParentRoute: () => settings, path: 'statuses', component: lazyRouteComponent(() => import('../settings/StatusesPage.tsx'), 'StatusesPage') })
const tags = createRoute({ getParentRoute: () => settings, path: 'tags', component: lazyRouteComponent(() => import('../settings/TagsPage.tsx'), 'TagsPage') })
const rosters = createRoute({ getParentRoute: () => settings, path: 'rosters', component: lazyRouteComponent(() => import('../settings/RostersPage.tsx'), 'RostersPage') })
const changes = createRoute({ getParentRoute: () => settings, path: 'changes', component: lazyRouteComponent(() => import('../settings/ChangesPage.tsx'), 'ChangesPage') })
const schedules = createRoute({ getParentRoute: () => settings, path: 'schedules', component: lazyRouteComponent(() => import('../exports/SchedulesPage.tsx'), 'SchedulesPage') })
const mail = createRoute({ getParentRoute: () => settings, path: 'mail', component: lazyRouteComponent(() => import('../exports/MailPage.tsx'), 'MailPage') })
export const consoleRoute = createRoute({
  getParentRoute: () => root,
  path: '/console',
  component: lazyRouteComponent(() => import('../console/ConsolePage.tsx'), 'ConsolePage'),
})

const tree = root.addChildren([home, now, calls.addChildren([call]), reports, report, missed, team, oldPBXs, settings.addChildren([pbxs, people.addChildren([person]), devices, numbers, trunks, queues, groups, lines, hours, policies, statuses, tags, rosters, imports, schedules, mail, changes]), consoleRoute])

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch: writeSearch,
    defaultErrorComponent: ({ error, reset }) => <ErrorState problem={error instanceof Error ? error : new Error(String(error))} retry={reset} />,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
