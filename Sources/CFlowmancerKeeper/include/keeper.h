// The keeper: a small process between the engine and its workers that outlives whatever happens to either.
//
// It is forked from the engine before that has done anything, or the engine starts its own executable once more; before
// anything else runs there, that process becomes the keeper. It has its zygote fork a worker for every start message, and is
// the subreaper of all that the workers leave behind, whichever session or process group it moved to. When a worker ends, the
// keeper kills its orphans before it says so; when the engine ends, however it ends, the keeper kills everything and ends
// too. A guard, the keeper's parent, does the same if something kills the keeper.
//
// What a worker does in its own process is in worker.h.
//
// This is C because it runs where the Swift runtime may not be relied on: a process is forked safely only while it has one
// thread.
#pragma once

#include <stdint.h>
#include <sys/types.h>

enum flowmancer_keeper_kind {
    // Engine to keeper.
    FLOWMANCER_START_WORKER = 1,
    FLOWMANCER_KILL_WORKER = 2,
    // Keeper to engine.
    FLOWMANCER_WORKER_STARTED = 3,
    FLOWMANCER_WORKER_REFUSED = 4,
    FLOWMANCER_WORKER_ENDED = 5,
    // Zygote to keeper, which pass the other messages to each other, too.
    FLOWMANCER_ZYGOTE_READY = 6,
    // Engine to keeper: a worker that runs commands.
    FLOWMANCER_START_SHIM = 7,
    // Engine to keeper: no other workers will be asked for.
    FLOWMANCER_END_ZYGOTE = 8,
};

// A message on the control socket, in both directions.
struct flowmancer_keeper_message {
    uint32_t kind;
    // The engine's number for the worker.
    uint32_t worker;
    // For a start, the number of descriptors that come along; for started and ended, the process.
    int32_t value;
    // An errno for refused; a wait status, as of waitpid(2), for ended. From keeper to zygote, the slot for a start.
    int32_t status;
};

// A socket, and two pairs of pipes.
enum { FLOWMANCER_MAXIMUM_DESCRIPTORS = 5 };

// The exit code of a worker whose connection to the engine was lost in the middle of an attempt.
enum { FLOWMANCER_DISCONNECTED_EXIT = 87 };

// The longest that the end of a worker is held back while its orphans are being killed.
enum { FLOWMANCER_ORPHAN_PATIENCE_MS = 1000 };

// The longest that the keeper takes to end everything.
enum { FLOWMANCER_END_PATIENCE_MS = 5000 };

// Starts the keeper in a directory, or in the working directory if that is NULL. `control` becomes its end of the
// control socket. Workers get `open_files` as their soft limit. Returns 0, or an errno.
int flowmancer_keeper_spawn(int control, uint64_t open_files, const char *directory, pid_t *pid);

// Forks the keeper, which is there in a fraction of the time then. Only where that is safe: while the process has one thread
// and has opened nothing; otherwise returns EBUSY. Returns 0, or an errno; in workers, which are forked from the keeper in
// turn, 0 as well.
int flowmancer_keeper_fork(uint64_t open_files, const char *directory, pid_t *pid, int *control);

// Asks for a worker with these descriptors: its socket, standard output, standard error, and possibly a second pair of
// the latter two. Returns 0, or an errno; EAGAIN if the keeper is behind.
int flowmancer_keeper_start_worker(int control, uint32_t worker, const int *descriptors, int count);

// Asks for a shim, a worker that runs commands, with the same descriptors. What it is told is in command.h. Returns like the
// function above.
int flowmancer_keeper_start_shim(int control, uint32_t worker, const int *descriptors, int count);

// Says that no workers but shims will be asked for: the zygote is not needed.
void flowmancer_keeper_end_zygote(int control);

// Asks for the end of a worker and of everything that it started. Returns 0, or an errno.
int flowmancer_keeper_kill_worker(int control, uint32_t worker);

// Waits for the end of a keeper that has nobody to serve, and of what it keeps, and returns its status. One that takes longer
// than it can need is stopped, and is killed.
int flowmancer_keeper_await(pid_t pid);

// The socket if this process is a worker, or a zygote, otherwise -1.
int flowmancer_worker_socket(void);

// Whether this process is the zygote: the one that is forked to become workers.
int flowmancer_is_zygote(void);

// Serves the keeper until that ends, and ends then: returns only in new workers. A zygote that keeps more than one
// thread ends, and the keeper does without.
void flowmancer_zygote_serve(void);

// Hands on what the standard streams hold. Not all streams: one that a thread is reading from would block.
void flowmancer_flush_streams(void);

// The processor time that a process has used, all its threads together, in seconds; 0 if there is no such process.
double flowmancer_processor_seconds(pid_t pid);
