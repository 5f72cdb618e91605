// Makes a fresh clone ready: installs from the lockfile, and with --build builds what is missing or stale.
// Plain JavaScript that runs before anything is installed, on any Node from 20 on.
import { spawnSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { delimiter, join, resolve } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"

/** From this release on the scripts can start; what they start needs `neededNode`, which npm installs where it can. */
const oldestNode = "20.0.0"
const neededNode = "22.19.0"

/** @param {string} version
 * @param {string} wanted */
export const isOlder = (version, wanted) => version.localeCompare(wanted, "en", { numeric: true }) < 0

/** What must be done before the packages in `node_modules` are those of the lockfile; `undefined` when nothing must.
 * @param {string} root */
export const reasonToInstall = (root) => {
  const lockfile = join(root, "package-lock.json")
  // npm writes this copy of the lockfile as the last act of an install: an interrupted one has none.
  const installedFile = join(root, "node_modules/.package-lock.json")
  if (!existsSync(installedFile)) return "nothing is installed yet"
  const wanted = JSON.parse(readFileSync(lockfile, "utf8")).packages
  const installed = JSON.parse(readFileSync(installedFile, "utf8")).packages
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes("node_modules/")) continue
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)
    const present = installed[path]
    if (present === undefined) {
      // Optional packages are for other machines than this one.
      if (entry.optional === true || entry.peer === true) continue
      return `${name} is not installed`
    }
    if (present.version !== entry.version) return `${name} is ${present.version}, the lockfile says ${entry.version}`
    if (!existsSync(join(root, path))) return `${name} has gone from node_modules`
  }
  return undefined
}

/** The environment for a child npm or turbo: what an outer `npm test -w x --flag` left there would confuse it.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} root
 * @returns {NodeJS.ProcessEnv} */
export const cleanEnvironment = (env, root) => {
  const leftByNpm =
    /^(npm_(package|lifecycle)_.*|npm_command|npm_execpath|npm_node_execpath|npm_config_(global|workspaces?|include_workspace_root|omit|include|only|production|dev|dry_run|local_prefix|ignore_scripts|loglevel|silent|json|long|call|package|strict_allow_scripts|allow_scripts))$/i
  const bin = resolve(root, "node_modules/.bin")
  /** @type {NodeJS.ProcessEnv} */
  const clean = {}
  for (const [name, value] of Object.entries(env)) {
    if (leftByNpm.test(name) || name === "NODE_ENV") continue
    // npm ci replaces node_modules, so the Node in there must not be the one that runs npm.
    clean[name] =
      name.toUpperCase() === "PATH"
        ? (value ?? "")
            .split(delimiter)
            .filter((part) => resolve(part) !== bin)
            .join(delimiter)
        : value
  }
  return clean
}

/** @param {string} message
 * @returns {never} */
const fail = (message) => {
  console.error(`\n${message}`)
  process.exit(1)
}

/** @param {string} root
 * @param {string[]} args */
const npm = (root, args) => {
  const { error, status } = spawnSync("npm", [...args, "--loglevel=error"], {
    cwd: root,
    env: cleanEnvironment(process.env, root),
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32"
  })
  if (error !== undefined) fail(`npm could not be started: ${error.message}. Is npm on the PATH?`)
  if (status !== 0) fail(`Dependencies could not be installed; npm says why above. Try \`npm ${args[0]}\` by hand.`)
}

/** @param {string} root
 * @param {string} reason */
const install = (root, reason) => {
  console.log(`Installing dependencies (${reason}) …`)
  const started = Date.now()
  npm(root, ["ci", "--include=dev", "--include=optional"])
  console.log(`Dependencies are ready (${Math.round((Date.now() - started) / 1000)} s).`)
}

/** The package with Node for this machine, when it is installed but not on the PATH of npm's scripts: npm 10 links it,
 * then takes the link away with the packages for other machines, which have a command of the same name.
 * @param {string} root
 * @returns {string | undefined} */
export const unlinkedNode = (root) => {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`
  const linked = existsSync(join(root, "node_modules/.bin", process.platform === "win32" ? "node.cmd" : "node"))
  return !linked && existsSync(join(root, "node_modules", name)) ? name : undefined
}

/** @param {string} root */
const build = (root) => {
  const started = Date.now()
  const turbo = join(root, "node_modules/turbo/bin/turbo")
  const env = { ...cleanEnvironment(process.env, root), TURBO_TELEMETRY_DISABLED: "1" }
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [turbo, "run", "build", "--output-logs=errors-only", "--ui=stream"],
    { cwd: root, env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }
  )
  if (status !== 0) fail(`${stdout ?? ""}${stderr ?? ""}\nThe build failed; see above. Try \`npm run build\` by hand.`)
  if (!/FULL TURBO/.test(stdout)) console.log(`Packages are built (${Math.round((Date.now() - started) / 1000)} s).`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const root = fileURLToPath(new URL("..", import.meta.url))
  if (isOlder(process.versions.node, oldestNode)) {
    fail(
      `Node ${process.versions.node} is too old: this repository needs Node ${Number.parseInt(oldestNode)} or newer to start.\n` +
        "Get a current release from https://nodejs.org and run the same command again."
    )
  }
  const reason = reasonToInstall(root)
  if (reason !== undefined) install(root, reason)
  const node = unlinkedNode(root)
  if (node !== undefined) npm(root, ["rebuild", node])
  if (!existsSync(join(root, "node_modules/.bin/node")) && isOlder(process.versions.node, neededNode)) {
    fail(
      `Node ${process.versions.node} is too old, and there is no Node package for this kind of machine to use instead.\n` +
        `Get Node ${neededNode} or newer from https://nodejs.org and run the same command again.`
    )
  }
  if (process.argv.includes("--build")) build(root)
}
