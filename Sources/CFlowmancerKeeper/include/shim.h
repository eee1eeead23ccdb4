// The shim: a worker that runs commands, one after the other, and never leaves C. Hundreds of them take next to no memory. What
// it is told, and what it reports, is in command.h.
#pragma once

#include <signal.h>

// Runs commands for the engine, whose socket is descriptor 3, until that wants no more. If the shim is to hold commands,
// descriptors 4 and 5 are the second pair of pipes to which they write. `app_root` names the working directory; `signals` are
// blocked. The process has to be the subreaper of its children.
_Noreturn void flowmancer_serve_commands(const char *app_root, const sigset_t *signals);
