// libsodium: Ed25519 and randomness. Only the Cryptography module imports this.
#ifndef ONUS_SODIUM_SHIM_H
#define ONUS_SODIUM_SHIM_H

#include <sodium.h>

#endif
