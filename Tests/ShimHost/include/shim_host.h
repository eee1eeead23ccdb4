// Starts shims for tests, which have no keeper.
#pragma once

#include <sys/types.h>

// Starts a shim as a child of this process, with a socket and two pairs of pipes: standard output and standard error of each.
// Returns its process, or -1.
pid_t shim_host_start(int socket, const int *pipes);
