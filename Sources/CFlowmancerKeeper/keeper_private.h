#pragma once

// Marks the process that is to become the keeper: the workers' limit of open files, and the engine's process.
#define FLOWMANCER_KEEPER_VARIABLE "FLOWMANCER_KEEPER"

// Where the keeper has its control socket, and a worker its socket.
enum { FLOWMANCER_SOCKET = 3 };

// Remembers the command line, with which the keeper is started in turn.
void flowmancer_save_arguments(char **arguments);
