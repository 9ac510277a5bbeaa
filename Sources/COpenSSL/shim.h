// OpenSSL's libcrypto: hashes and key files. Only the Cryptography module imports this.
#ifndef ONUS_OPENSSL_SHIM_H
#define ONUS_OPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

// Macros that Swift cannot see.
static inline long onus_bio_memory(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

#endif
