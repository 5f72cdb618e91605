/** What an installation allows, for one vector. */
export interface VectorSettings {
  readonly allow: ReadonlyArray<string>
  readonly allowHttp: boolean
  readonly allowHighPorts: boolean
  /** Whether the listener's port counts as one where the program itself listens. */
  readonly own: boolean
}

/** Why a target is refused. */
export type VectorReason = "url" | "scheme" | "userinfo" | "fragment" | "host" | "port" | "address"

/** One attempt to be led astray. */
export interface EgressVector {
  readonly group: string
  /** `{port}` stands for the port of the listener that counts. */
  readonly url: string
  /** What the name in the URL resolves to; literal addresses need none. */
  readonly answers: ReadonlyArray<string>
  readonly settings: VectorSettings
  /** `null`: it must arrive, so that a check that blocks everything, or counts nothing, fails. */
  readonly reason: VectorReason | null
  /** About the URL's text: of no meaning where URLs are taken apart and put together again. */
  readonly textual: boolean
}

const strict: VectorSettings = { allow: [], allowHttp: false, allowHighPorts: false, own: false }
/** Only the rule in question stands in the way. */
const open: VectorSettings = { ...strict, allowHttp: true, allowHighPorts: true }
const listing = (...allow: ReadonlyArray<string>): VectorSettings => ({ ...open, allow })
const everything = listing("0.0.0.0/0", "::/0")

interface Group {
  readonly group: string
  readonly reason: VectorReason | null
  readonly settings: VectorSettings
  readonly answers?: ReadonlyArray<string>
  readonly textual?: true
}
/** URLs separated by white space. */
const urls = (group: Group, text: string): ReadonlyArray<EgressVector> => exact(group, text.trim().split(/\s+/))
const exact = (group: Group, list: ReadonlyArray<string>): ReadonlyArray<EgressVector> =>
  list.map((url) => ({ answers: [], textual: false, ...group, url }))
/** Hosts, each over http at the listener's port. */
const hosts = (group: Group, text: string) =>
  exact(
    group,
    text
      .trim()
      .split(/\s+/)
      .map((host) => `http://${host}:{port}/`)
  )
/** Sets of DNS answers, separated by white space; within a set by commas. */
const answers = (group: Group, text: string) =>
  text
    .trim()
    .split(/\s+/)
    .flatMap((set) => exact({ ...group, answers: set.split(",") }, ["http://name.example:{port}/"]))

/** Everything that must be refused, by each of the rules. */
export const blockedVectors: ReadonlyArray<EgressVector> = [
  ...exact({ group: "no URL", reason: "url", settings: open, textual: true }, [
    "",
    "not a url",
    "//name.example/x",
    "https://",
    "https://:{port}/",
    "https://name.example:99999/",
    "https://name.example:-1/",
    "https://pub lic.example/",
    "https://[::1",
    "https://[fe80::1%25lo]/",
    "https://[::1%lo]/",
    "https://1.2.3.4.5/",
    "https://127.0.0.256/",
    "https://0x100000000/",
    "https://09.0.0.1/",
    "https://[1::2::3]/",
    "https://%00/",
    "https://127.0.0.1%00.name.example/",
    "https://a%23b/",
    "https://a<b/",
    " http://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/ ",
    "http://127.0.0.1:{port}/\r\nX: y",
    "http://127.0.0.1\t:{port}/",
    "ht\ntp://127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}\\",
    "http://name.example\\@127.0.0.1:{port}/",
    "http:/\\127.0.0.1:{port}/",
    `https://name.example/${"a".repeat(2048)}`
  ]),
  ...urls(
    { group: "other schemes", reason: "scheme", settings: open },
    `ftp://127.0.0.1:{port}/ file:///etc/passwd gopher://127.0.0.1:{port}/_INFO data:text/plain,hello
     javascript:alert(1) unix:/var/run/docker.sock http+unix://%2Fvar%2Frun%2Fdocker.sock/ ws://127.0.0.1:{port}/
     wss://127.0.0.1:{port}/ ldap://127.0.0.1:{port}/ dict://127.0.0.1:{port}/stat tftp://127.0.0.1:{port}/
     sftp://127.0.0.1:{port}/ jar:http://127.0.0.1:{port}/! blob:http://127.0.0.1:{port}/ about:blank
     mailto:root@localhost netdoc:///etc/passwd`
  ),
  ...urls(
    { group: "plain http by default", reason: "scheme", settings: strict },
    "http://name.example/ HTTP://name.example/ http://name.example:443/ http://93.184.215.14/"
  ),
  ...urls(
    { group: "user info", reason: "userinfo", settings: open, textual: true },
    `http://user@127.0.0.1:{port}/ http://user:secret@127.0.0.1:{port}/ http://:secret@127.0.0.1:{port}/
     http://@127.0.0.1:{port}/ http:///@127.0.0.1:{port}/ https://name.example@127.0.0.1:{port}/
     https://name.example:443@127.0.0.1:{port}/ https://name.example%2f@127.0.0.1:{port}/ https://a:b:c@127.0.0.1:{port}/`
  ),
  ...urls(
    { group: "fragments", reason: "fragment", settings: open, textual: true },
    `https://name.example/#x https://name.example/# https://name.example#@127.0.0.1/ https://name.example/?a#b`
  ),
  ...urls(
    { group: "ports by default", reason: "port", settings: strict },
    `https://name.example:80/ https://name.example:1024/ https://name.example:2375/ https://name.example:3306/
     https://name.example:5432/ https://name.example:6379/ https://name.example:8443/ https://name.example:9200/
     https://name.example:11211/ https://name.example:27017/ https://name.example:65535/ https://93.184.215.14:8443/`
  ),
  ...urls(
    { group: "low ports, whatever is set", reason: "port", settings: open },
    `https://name.example:0/ https://name.example:1/ https://name.example:21/ https://name.example:22/
     https://name.example:23/ https://name.example:25/ https://name.example:53/ https://name.example:80/
     https://name.example:110/ https://name.example:111/ https://name.example:135/ https://name.example:139/
     https://name.example:143/ https://name.example:389/ https://name.example:445/ https://name.example:465/
     https://name.example:587/ https://name.example:873/ https://name.example:993/ https://name.example:1023/
     http://name.example:443/ http://name.example:81/ http://name.example:1023/`
  ),
  ...hosts(
    { group: "spellings of loopback", reason: "address", settings: open },
    `127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7F.1 0x7f.0x0.0x0.0x1 0177.0.0.1 0177.0.0.01 017700000001
     00000177.1 127.0.0.1. 127.1. %31%32%37.0.0.1 127%2e0%2e0%2e1 127。0。0。1 127．0．0．1 127｡0｡0｡1 ①②⑦.⓪.⓪.①
     １２７.０.０.１ 𝟏𝟐𝟕.𝟎.𝟎.𝟏 127.000.000.001 127.255.255.254 127.127.127.127 0 0.0.0.0 0x0 00 0.0.0.1 0.1 0x7f.0.0.1.
     0x7f.000000000000000000000001 4278190079`
  ),
  ...hosts(
    { group: "IPv4, first and last of each block", reason: "address", settings: open },
    `0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0 127.255.255.255 169.254.0.0
     169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.88.99.255
     192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255
     224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.254 255.255.255.255`
  ),
  ...hosts(
    { group: "IPv6, first and last of each block", reason: "address", settings: open },
    `[::] [::1] [::2] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::ffff:ffff] [64:ff9b::]
     [64:ff9b::ffff:ffff] [64:ff9b:1::] [64:ff9b:1:ffff:ffff:ffff:ffff:ffff] [100::] [100::ffff:ffff:ffff:ffff]
     [100:0:0:1::1] [2001::] [2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff] [2001:db8::] [2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]
     [2002::] [2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [2620:4f:8000::1] [3fff::]
     [3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff] [5f00::] [5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [fc00::]
     [fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [fe80::] [fe80::1] [febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [fec0::]
     [feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff] [ff00::] [ff02::1] [ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]`
  ),
  ...hosts(
    { group: "IPv4 carried by IPv6", reason: "address", settings: open },
    `[::127.0.0.1] [::7f00:1] [::10.0.0.1] [::ffff:127.0.0.1] [::FFFF:127.0.0.1] [::ffff:7f00:1] [::ffff:0.0.0.0]
     [0:0:0:0:0:ffff:127.0.0.1] [0000:0000:0000:0000:0000:ffff:7f00:0001] [::ffff:10.0.0.1] [::ffff:192.168.1.1]
     [::ffff:172.16.0.1] [::ffff:100.64.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:0:127.0.0.1]
     [::ffff:0:a00:1] [64:ff9b::127.0.0.1] [64:ff9b::10.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::10.0.0.1]
     [64:ff9b:1:a00:0:100::] [2002:7f00:1::] [2002:a00:1::1] [2002:a9fe:a9fe::] [2001:0:7f00:1::]
     [2001::f5ff:fffe] [2001:0:5db8:d70e::80ff:fffe] [2a00:1450::5efe:127.0.0.1] [2a00:1450::5efe:10.0.0.1]
     [2a00:1450:0:0:200:5efe:a9fe:a9fe]`
  ),
  ...hosts(
    { group: "what IPv6 carries stays closed where IPv6 is listed", reason: "address", settings: listing("::/0") },
    `10.0.0.1 127.0.0.1 [::ffff:127.0.0.1] [::ffff:10.0.0.1] [::127.0.0.1] [::ffff:0:10.0.0.1] [64:ff9b::10.0.0.1]
     [64:ff9b::169.254.169.254] [64:ff9b:1:a00:0:100::] [2002:a00:1::1] [2002:c0a8:101::1] [2001:0:a00:1::]
     [2001:0:5db8:d70e::80ff:fffe] [2a00:1450::5efe:10.0.0.1] [fe80::5efe:192.168.0.1]`
  ),
  ...hosts(
    { group: "metadata, although everything is listed", reason: "address", settings: everything },
    `169.254.169.254 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 [::ffff:169.254.169.254]
     [::ffff:a9fe:a9fe] [::169.254.169.254] [::ffff:0:a9fe:a9fe] [64:ff9b::169.254.169.254]
     [64:ff9b:1:a9fe:a9:fe00::] [64:ff9b:1::a9fe:a9fe] [2002:a9fe:a9fe::] [2001:0:a9fe:a9fe::]
     [2001:0:5db8:d70e::5601:5601] [2a00:1450::5efe:a9fe:a9fe] 169.254.169.253 169.254.169.123 169.254.170.2
     169.254.170.23 169.254.42.42 169.254.0.23 [fd00:ec2::254] [fd00:ec2:0:0:0:0:0:254] [fd00:ec2::23] [fd20:ce::254]
     [fd00:42::42] [fd00:a9fe:a9fe::1] [fe80::a9fe:a9fe] 100.100.100.200 168.63.129.16 192.0.0.192
     [::ffff:168.63.129.16] [64:ff9b::168.63.129.16] [::ffff:100.100.100.200]`
  ),
  ...hosts(
    { group: "names of metadata, although everything is listed", reason: "host", settings: everything },
    `metadata metadata. METADATA metadata.google.internal metadata.google.internal. METADATA.google.internal.
     metadata.goog metadata.azure.internal metadata.tencentyun.com instance-data instance-data.ec2.internal
     %6detadata.google.internal ｍetadata.google.internal`
  ),
  ...hosts(
    { group: "inner names", reason: "host", settings: open },
    `localhost LOCALHOST localhost. localhost.. sub.localhost a.b.localhost. db.internal host.docker.internal
     gateway.docker.internal printer.local printer.local. kubernetes.default.svc api.default.svc.cluster.local intranet
     redis receiver host.localdomain localhost.localdomain router.lan nas.home router.home.arpa wiki.corp wiki.intranet
     db.private loc%61lhost ⓛocalhost`
  ),
  ...answers(
    { group: "names that lead inside", reason: "address", settings: open },
    `127.0.0.1 127.9.9.9 0.0.0.0 10.0.0.5 100.64.1.1 169.254.169.254 172.18.0.4 192.168.1.1 192.0.0.8 198.18.0.1
     203.0.113.9 224.0.0.251 255.255.255.255 168.63.129.16 ::1 :: fd00::1 fe80::1 fe80::1%lo fec0::1 ff02::1 2001:db8::1
     ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::127.0.0.1 2002:7f00:1:: 2001:0:7f00:1:: not-an-address
     0x7f000001 2130706433 127.1 [::1]`
  ),
  ...answers(
    { group: "one inner answer among public ones", reason: "address", settings: open },
    `93.184.215.14,127.0.0.1 127.0.0.1,93.184.215.14 93.184.215.14,10.0.0.5,93.184.215.15
     2606:2800:21f:cb07:6820:80da:af6b:8b2c,127.0.0.1 93.184.215.14,::1 ::1,93.184.215.14 93.184.215.14,::ffff:127.0.0.1
     93.184.215.14,169.254.169.254 93.184.215.14,garbage 93.184.215.14,fe80::1%lo`
  ),
  ...exact(
    {
      group: "one inner answer, whatever the name looks like",
      reason: "address",
      settings: open,
      answers: ["127.0.0.1"]
    },
    [
      "http://127.0.0.1.nip.example:{port}/",
      "http://xn--bcher-kva.example:{port}/",
      "http://bücher.example:{port}/",
      "http://a_b.example:{port}/",
      "http://NAME.EXAMPLE.:{port}/",
      "http://name.example:{port}/169.254.169.254",
      "http://name.example:{port}/?url=https://93.184.215.14/",
      "https://name.example:{port}/",
      `http://${"a".repeat(63)}.example:{port}/`
    ]
  ),
  ...answers(
    { group: "metadata by name, although everything is listed", reason: "address", settings: everything },
    `169.254.169.254 ::ffff:169.254.169.254 fd00:ec2::254 100.100.100.200 168.63.129.16 64:ff9b::a9fe:a9fe
     127.0.0.1,169.254.169.254 2002:a9fe:a9fe::`
  ),
  ...hosts(
    { group: "beside the listed network", reason: "address", settings: listing("10.0.0.0/8", "fd00:1::/32") },
    `127.0.0.1 192.168.1.1 172.16.0.1 [::1] [fd00:2::1] [fc00:1::1] [::ffff:127.0.0.1] [64:ff9b::10.0.0.1]
     [2002:a00:1::1]`
  ),
  ...answers(
    { group: "partly in the listed network", reason: "address", settings: listing("10.0.0.0/8") },
    "10.0.0.1,127.0.0.1 10.0.0.1,192.168.0.1 10.0.0.1,::1 127.0.0.1 11.0.0.1,10.0.0.1,172.16.0.1"
  ),
  ...hosts(
    {
      group: "the program itself, although loopback is listed",
      reason: "address",
      settings: { ...listing("127.0.0.0/8", "0.0.0.0/8", "::/127"), own: true }
    },
    "127.0.0.1 127.9.9.9 127.1 0.0.0.0 0 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f01:203]"
  ),
  ...answers(
    {
      group: "the program itself by name",
      reason: "address",
      settings: { ...listing("127.0.0.0/8", "0.0.0.0/8", "::/127"), own: true }
    },
    "127.0.0.1 0.0.0.0 ::1 ::ffff:127.0.0.1 ::"
  )
]

/** What must arrive: the same ways, with the network listed. */
export const controlVectors: ReadonlyArray<EgressVector> = [
  ...hosts(
    { group: "listed, literal", reason: null, settings: listing("127.0.0.0/8") },
    "127.0.0.1 127.1 2130706433 0x7f000001 127.9.9.9 [::ffff:127.0.0.1]"
  ),
  ...answers(
    { group: "listed, by name", reason: null, settings: listing("127.0.0.0/8") },
    "127.0.0.1 127.0.0.2,127.0.0.1"
  ),
  ...exact(
    { group: "listed, by an inner name", reason: null, settings: listing("127.0.0.0/8"), answers: ["127.0.0.1"] },
    ["http://localhost:{port}/", "http://receiver:{port}/hook", "http://db.internal:{port}/"]
  ),
  ...hosts({ group: "listed mapped", reason: null, settings: listing("::ffff:127.0.0.0/104") }, "127.0.0.1")
]
