/** A self-signed certificate for 127.0.0.1 and receiver.example (2020 to 2120), made for these tests, used nowhere else. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBhTCCASygAwIBAgIBATAKBggqhkjOPQQDAjAgMR4wHAYDVQQDDBVDcm9jaGV0
IHRlc3QgcmVjZWl2ZXIwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBa
MCAxHjAcBgNVBAMMFUNyb2NoZXQgdGVzdCByZWNlaXZlcjBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABJxu2u4eobHKNHdKGrf6AlU1Yt5sCqgt7xX1k5R1yhoKXWdk
/XFyWQ/NMtMZ8z+pLaHbe3mO1k51B/t7qNeg2pWjVTBTMCEGA1UdEQQaMBiHBH8A
AAGCEHJlY2VpdmVyLmV4YW1wbGUwDwYDVR0TAQH/BAUwAwEB/zAdBgNVHQ4EFgQU
hG9LHuOkwPGujuOoUaVCLM02cpcwCgYIKoZIzj0EAwIDRwAwRAIgJu74MtPSZQX1
InCBH6wz1/TALz3Uvgl8ngxZre3ESDwCIF9d8eIWA/Gy5WXQqdVgjGqs/1PPjb9D
ofpCCtAZZYzC
-----END CERTIFICATE-----
`

/** Its key: public with this file, and therefore worthless. */
export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgswcAe8eZf8/eHqB9
blcEQmf6jmaboiDkR8hvWg6sjKShRANCAAScbtruHqGxyjR3Shq3+gJVNWLebAqo
Le8V9ZOUdcoaCl1nZP1xclkPzTLTGfM/qS2h23t5jtZOdQf7e6jXoNqV
-----END PRIVATE KEY-----
`
