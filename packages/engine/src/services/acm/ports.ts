/** Kinds of keys that ACM makes itself. */
export type IssuedKey = 'RSA_2048' | 'EC_prime256v1' | 'EC_secp384r1';

/** Where the private keys of certificates come from. */
export interface CertificateKeys {
  /** A private key of that kind, in PKCS #8 (PEM). */
  privateKey(kind: IssuedKey): string;
}
