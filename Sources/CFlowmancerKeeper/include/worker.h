// What a worker knows and does about its own process: its threads, its children, and what attempts change of it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Says, in a worker that is about to exit, that it has no children, and nobody needs to look for any.
void flowmancer_leave_nothing_behind(void);

// Whether this process has children that live. Dead ones that nobody has waited for are collected.
int flowmancer_has_children(void);

// Makes, in a worker that was given two pairs of pipes, the first (0) or the second (1) its standard output and standard
// error. If they are merged, its standard output is both.
void flowmancer_select_output(int pair, int merged);

// Writes a few bytes to what it was given as standard output, whatever that is by now. Returns whether they
// were written; never a part of them.
int flowmancer_mark_output(const void *bytes, size_t length);

// Called at the beginning of every attempt. The first call remembers the working directory, the environment, the file mode
// creation mask and the threads that there are; later calls put the first three back. Returns 0, or an errno if the directory
// could not be put back.
int flowmancer_settle(void);

// Remembers the calling thread, or all that there are, as the worker's own.
void flowmancer_note_own_thread(void);
void flowmancer_note_present_threads(void);

// Whether the process has threads that are neither the worker's own nor in Dispatch's pool, which all Swift tasks share.
bool flowmancer_has_left_threads(void);

// The processor time of the threads that have ended, in nanoseconds: between these limits.
struct flowmancer_ended_time {
    int64_t lower, upper;
};

// Measures the processor time of the threads that have ended. Returns false if that is not possible.
bool flowmancer_measure_ended_threads(struct flowmancer_ended_time *time);

// Lists the children that belong to the main thread, dead ones included. Returns how many there are, which may be more than
// `capacity`; -1 if the system does not say.
ptrdiff_t flowmancer_main_children(pid_t *children, size_t capacity);

// Collects a child that is dead. Returns whether it was.
bool flowmancer_collect(pid_t child);
