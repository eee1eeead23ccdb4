// What keeper, zygote and workers share.
#pragma once

#include "keeper.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Marks the process that is to become the keeper: the workers' limit of open files, and the engine's process.
#define FLOWMANCER_KEEPER_VARIABLE "FLOWMANCER_KEEPER"

// Where the keeper has its control socket, the zygote its socket to the keeper, and a worker its socket.
enum { FLOWMANCER_SOCKET = 3 };

// Where a shim has its second pair of pipes, if it has one.
enum { FLOWMANCER_SECOND_OUTPUT = FLOWMANCER_SOCKET + 1, FLOWMANCER_SECOND_ERRORS };

// The longest that a start waits for a zygote that is still being set up, from its fork on, in milliseconds.
enum { FLOWMANCER_ZYGOTE_WARMUP_MS = 50 };

// The longest that the zygote is waited for once it is ready, in milliseconds.
enum { FLOWMANCER_ZYGOTE_PATIENCE_MS = 2000 };

// Remembers the command line, with which the keeper is started in turn.
void flowmancer_save_arguments(char **arguments);

// Remembers, when the program is loaded, its command line and what it has open.
void flowmancer_note_beginning(char **arguments);

// The program's name, without directories.
const char *flowmancer_program_name(void);

// Remembers what is open now instead.
void flowmancer_note_open(void);

// Whether this process can be forked, and the child be used for another purpose: it has one thread, and nothing is open
// but what was when the program was loaded. A thread might hold a lock; what is open would be shared.
bool flowmancer_is_pristine(void);

// Closes the descriptors from a number on.
void flowmancer_close_from(int first);

// Becomes the keeper in a process that an engine forked. Returns only in a worker or a zygote.
void flowmancer_become_keeper(pid_t engine, int control, uint64_t open_files, const char *directory);

// Becomes the guard of an engine's keeper, and goes on as the keeper in a child. Where there is no room for a guard, the keeper does
// without.
void flowmancer_leave_guard_behind(pid_t engine);

// Ends the zygote, the workers, and all that they left.
void flowmancer_kill_everything(void);

// Serves an engine until that ends. Returns only in a worker or a zygote.
void flowmancer_keep(pid_t engine);

// Kills the children of this process that are not to be kept: whatever a dead worker left. Their own children become ours
// as they die and are found by the next call. Returns whether there were any.
bool flowmancer_kill_orphans(bool (*is_kept)(pid_t));

// The time of a clock that only goes forward, in milliseconds.
int64_t flowmancer_now(void);

// What a worker gets: its socket, and one or two pairs of pipes for its standard output and standard error.
struct flowmancer_descriptors {
    int count;
    int numbers[FLOWMANCER_MAXIMUM_DESCRIPTORS];
};

void flowmancer_close_descriptors(struct flowmancer_descriptors descriptors);

// Reads one message with the descriptors that came along: as many as the message says, or none if there was no room for
// all. Returns false at the end of the connection.
bool flowmancer_receive(
    int socket, struct flowmancer_keeper_message *message, struct flowmancer_descriptors *descriptors);

// Sends a message with descriptors, without waiting. Returns 0, or an errno.
int flowmancer_send(
    int socket, struct flowmancer_keeper_message message, const struct flowmancer_descriptors *descriptors);

// A worker from its start until its end was reported.
struct flowmancer_worker {
    uint32_t number;
    pid_t pid;
    int status;
    // Where it says that it leaves no process behind.
    int slot;
    // Whether the keeper forked it, and not the zygote.
    bool is_own;
    // When it ended, in milliseconds; 0 while it is alive.
    int64_t ended;
};

// Workers, in no order.
struct flowmancer_roster {
    struct flowmancer_worker *workers;
    size_t count, capacity;
};

// Makes room for one more. Returns false without memory.
bool flowmancer_roster_reserve(struct flowmancer_roster *roster);
// Adds a worker; there has to be room.
void flowmancer_roster_add(struct flowmancer_roster *roster, struct flowmancer_worker worker);
// Finds a worker that is alive by its process, or else by its number; NULL if there is none.
struct flowmancer_worker *flowmancer_roster_living(struct flowmancer_roster *roster, pid_t pid);
struct flowmancer_worker *flowmancer_roster_numbered(struct flowmancer_roster *roster, uint32_t number);
// Removes a worker that the roster holds.
void flowmancer_roster_remove(struct flowmancer_roster *roster, struct flowmancer_worker *worker);
// Forgets all workers, in a child of the process that has them. Their memory is not there.
void flowmancer_roster_leave(struct flowmancer_roster *roster);

// Prepares the memory in which workers say that they leave nothing behind. Before any worker is forked.
void flowmancer_make_slots(void);
// Takes a slot; -1 if there is none.
int flowmancer_take_slot(void);
// Gives a slot back. Returns whether its worker said that it leaves nothing behind.
bool flowmancer_give_slot_back(int slot);

// What all workers of this process have in common.
struct flowmancer_worker_traits {
    uint64_t open_files;
    const char *title;
};
extern struct flowmancer_worker_traits flowmancer_worker_traits;

// Makes a worker of the process that was just forked from `parent`. `signals` is the mask that it gets.
void flowmancer_become_worker(
    pid_t parent, int slot, struct flowmancer_descriptors descriptors, const sigset_t *signals);

// Makes a shim of the process that was just forked from `parent`. `app_root` names the working directory; `signals` are
// blocked.
_Noreturn void flowmancer_become_shim(
    pid_t parent, int slot, struct flowmancer_descriptors descriptors, const char *app_root, const sigset_t *signals);

// The keeper's view of its zygote.
struct flowmancer_zygote {
    // 0 without a zygote, or after its end.
    pid_t pid;
    // Open until all that it had said was read; then -1.
    int socket;
    bool is_ready;
    // When it was forked, in milliseconds.
    int64_t born;
};

// Forks a zygote. Returns true in the zygote, which goes on to `main`.
bool flowmancer_zygote_fork(struct flowmancer_zygote *zygote, const sigset_t *signals);
// Makes a zygote of the process that was just forked from the keeper.
void flowmancer_become_zygote(pid_t keeper, int socket, const sigset_t *signals);
// Gives the zygote up: it is killed, and waited for.
void flowmancer_zygote_abandon(struct flowmancer_zygote *zygote);
// Waits until the zygote says something, at most so many milliseconds. Returns false if it did not.
bool flowmancer_zygote_listen(
    struct flowmancer_zygote *zygote, int64_t milliseconds, struct flowmancer_keeper_message *message);
