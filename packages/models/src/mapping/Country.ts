/**
 * The ISO 3166-1 alpha-2 code of a country that an app names: `"Germany"`, `"DE"`, `"deu"`, `"U.S.A."`.
 *
 * Knows alpha-2 and alpha-3 codes, the English names that the JavaScript runtime has, and the usual other names. Case,
 * accents and punctuation do not count. Null for absent, empty and what is no country; then keep the app's own text.
 */
export const code = (source: string | null | undefined): string | null => {
  if (source === null || source === undefined) return null
  const before = said.get(source)
  if (before !== undefined) return before
  const word = fold(source)
  table ??= build()
  const found = table.get(word) ?? null
  // Addresses say the same few names over and over; what else they say is not remembered for ever.
  if (said.size < 1000) said.set(source, found)
  return found
}

const said = new Map<string, string | null>()

let table: ReadonlyMap<string, string> | undefined

const build = (): ReadonlyMap<string, string> => {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" })
  const found = new Map<string, string>()
  for (const pair of codes) {
    const [alpha2, alpha3] = [pair.slice(0, 2), pair.slice(2)]
    const name = names.of(alpha2)
    if (name !== undefined) found.set(fold(name), alpha2)
    found.set(fold(alpha2), alpha2).set(fold(alpha3), alpha2)
  }
  for (const [alias, alpha2] of Object.entries(aliases)) found.set(fold(alias), alpha2)
  return found
}

const fold = (word: string): string =>
  word
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("&", "and")
    .replace(/\bst\b\.?(?=\s)/g, "saint")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/^the(?=.{4})/, "")

/** Names that apps use and the runtime's English list does not have. */
const aliases: { readonly [name: string]: string } = {
  America: "US",
  "United States of America": "US",
  UK: "GB",
  "Great Britain": "GB",
  "United Kingdom of Great Britain and Northern Ireland": "GB",
  England: "GB",
  Scotland: "GB",
  Wales: "GB",
  "Northern Ireland": "GB",
  Holland: "NL",
  "Republic of Ireland": "IE",
  Czechia: "CZ",
  "Czech Republic": "CZ",
  "Russian Federation": "RU",
  Korea: "KR",
  "South Korea": "KR",
  "Republic of Korea": "KR",
  "Korea, Republic of": "KR",
  "North Korea": "KP",
  "Korea, Democratic People's Republic of": "KP",
  "Viet Nam": "VN",
  Turkey: "TR",
  Türkiye: "TR",
  Burma: "MM",
  Myanmar: "MM",
  Swaziland: "SZ",
  Macedonia: "MK",
  "Cape Verde": "CV",
  "East Timor": "TL",
  "Ivory Coast": "CI",
  "Cote d'Ivoire": "CI",
  "Hong Kong": "HK",
  "Hong Kong SAR": "HK",
  Macau: "MO",
  Macao: "MO",
  "Mainland China": "CN",
  "People's Republic of China": "CN",
  "Taiwan, Province of China": "TW",
  "Iran, Islamic Republic of": "IR",
  "Syrian Arab Republic": "SY",
  "Lao People's Democratic Republic": "LA",
  "Moldova, Republic of": "MD",
  "Tanzania, United Republic of": "TZ",
  "Bolivia, Plurinational State of": "BO",
  "Venezuela, Bolivarian Republic of": "VE",
  "Brunei Darussalam": "BN",
  "Democratic Republic of the Congo": "CD",
  "Congo, Democratic Republic of the": "CD",
  "Republic of the Congo": "CG",
  Congo: "CG",
  Palestine: "PS",
  "Palestine, State of": "PS",
  "Vatican City": "VA",
  "Holy See": "VA",
  Deutschland: "DE",
  Österreich: "AT",
  Schweiz: "CH",
  Suisse: "CH",
  España: "ES",
  Italia: "IT",
  Brasil: "BR",
  México: "MX",
  Polska: "PL",
  UAE: "AE",
  "United Arab Emirates": "AE"
}

/** ISO 3166-1: alpha-2 and alpha-3 code of each of the 249 countries and areas, written together. */
const codes: ReadonlyArray<string> = `
  ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH BBBRB
  BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR
  BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR
  CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK
  FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS
  GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD IOIOT IQIRQ IRIRN
  ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO
  LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD
  MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER
  NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM
  PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP
  SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF
  TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY
  UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE
`
  .trim()
  .split(/\s+/)
