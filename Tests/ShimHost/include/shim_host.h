// Starts shims for tests, which have no keeper.
#pragma once

#include <sys/types.h>

// Starts a shim as a child of this process, which has these descriptors. Returns its process, or -1.
pid_t shim_host_start(int socket, int output, int errors);
