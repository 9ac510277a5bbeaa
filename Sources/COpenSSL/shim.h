// OpenSSL's libcrypto: hashes, key files and timestamps. Only the Cryptography module imports this.
#ifndef ONUS_OPENSSL_SHIM_H
#define ONUS_OPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Macros that Swift cannot see.
static inline long onus_bio_memory(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }

// Names as RFC 2253 writes them, in UTF-8.
static inline int onus_print_name(BIO *bio, const X509_NAME *name) {
  return X509_NAME_print_ex(
      bio, name, 0, (XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) | ASN1_STRFLGS_UTF8_CONVERT);
}

// The ends of typed stacks.
static inline void onus_free_certificates(STACK_OF(X509) *stack) {
  sk_X509_pop_free(stack, X509_free);
}
static inline void onus_free_objects(STACK_OF(ASN1_OBJECT) *stack) {
  sk_ASN1_OBJECT_pop_free(stack, ASN1_OBJECT_free);
}
static inline void onus_free_names(GENERAL_NAMES *stack) { GENERAL_NAMES_free(stack); }

#endif
