// Starting a command: a program in a process of its own. Shims do it for the engine, and tasks that run in a process of their
// caller do it themselves.
//
// Everything that touches the file system happens here: the engine must not wait for a disk.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum flowmancer_command_kind {
    // Engine to shim. While a command runs, the shim holds the next one, and begins it when it has reported the end of the one
    // before.
    FLOWMANCER_RUN_COMMAND = 1,
    // The header alone: tells the command of this attempt to end.
    FLOWMANCER_END_COMMAND = 2,
    // The header alone: asks for the command of this attempt, which is reported as returned unless the end of the one before was
    // reported.
    FLOWMANCER_RECALL_COMMAND = 3,
};

// A command in one piece of memory.
//
// Behind this header are texts, which each end with a zero: the directory if there is one, the words, the words of the shell,
// and the changes. The input comes last.
struct flowmancer_command {
    // Of the whole piece, in bytes.
    uint32_t size;
    uint32_t kind;
    uint64_t attempt;
    // The name or path of the program, and its arguments.
    uint32_t words;
    // The same command through a shell, for a script that does not say what runs it; 0 if there is no such way.
    uint32_t shell_words;
    // Variables of the environment: `NAME=value` to set one, `NAME` to remove it.
    uint32_t changes;
    // What the command reads from standard input, in bytes.
    uint32_t input;
    bool has_input;
    bool has_directory;
    // Whether standard error is what standard output is.
    bool merges_output;
    // Whether it writes to the second pair of pipes of the shim.
    bool writes_to_second;
};

// Why a command was not started.
enum flowmancer_command_problem {
    FLOWMANCER_COMMAND_STARTED = 0,
    // The subject is the name, the detail the directories in which it was looked for.
    FLOWMANCER_COMMAND_NOT_FOUND,
    // The subject is the path of the program, here and below.
    FLOWMANCER_COMMAND_NOT_EXECUTABLE,
    FLOWMANCER_COMMAND_IS_DIRECTORY,
    FLOWMANCER_COMMAND_MISSING,
    // The detail is the first line of the script, if it has one for the system.
    FLOWMANCER_COMMAND_MISSING_INTERPRETER,
    // For any other reason, which is the errno.
    FLOWMANCER_COMMAND_REFUSED,
    // The subject is the directory in which the command was to start.
    FLOWMANCER_COMMAND_MISSING_DIRECTORY,
    // There is no room for what it gets of this process; the reason is an errno.
    FLOWMANCER_COMMAND_NO_STREAM,
};

struct flowmancer_command_failure {
    enum flowmancer_command_problem problem;
    int reason;
    // Within the command's memory or the environment.
    const char *_Nullable subject, *_Nullable detail;
};

// The variable with the path of the file in which a command leaves what it publishes.
#define FLOWMANCER_OUTPUT_VARIABLE "FLOWMANCER_OUTPUT"

// The most bytes that a command can publish: they have room in a report.
enum { FLOWMANCER_MAXIMUM_OUTPUTS = 63 << 20 };

// How a command ended, as a shim reports it. Behind this stand the subject and the detail of a failure, each with a zero at its
// end, and what the command published.
struct flowmancer_command_report {
    // Of the whole piece, in bytes.
    uint32_t size;
    uint32_t problem;
    uint64_t attempt;
    // What it published, in bytes. If that is more than FLOWMANCER_MAXIMUM_OUTPUTS, it is not here.
    uint64_t outputs;
    // As of waitpid(2), or the reason why it was not started.
    int32_t status;
    // Whether it heard that it is to end before it had ended.
    bool was_told_to_end;
    // Whether processes are left that it started. The shim begins nothing more then.
    bool has_leftovers;
    // Whether it was held, was recalled, and will not begin.
    bool was_returned;
};

// What a command gets of the process that starts it.
struct flowmancer_command_surroundings {
    // The working directory by the name that `PWD` is to have.
    const char *_Nonnull app_root;
    // What become its standard output and standard error; -1 for those of this process.
    int output, errors;
    // `NAME=value`, which it gets unless it changes that variable itself; `NAME` for a variable that it does not get; NULL for
    // neither.
    const char *_Nullable variable;
    // Whether this process has /dev/null as its standard input and ignores no signal.
    bool is_clean;
};

// The memory that starting a command takes, its own included.
size_t flowmancer_command_room(
    const struct flowmancer_command *_Nonnull command, const struct flowmancer_command_surroundings *_Nonnull surroundings);

// Starts a command as the leader of a process group of its own, with all signals as a new session has them. The memory behind
// the command has to have room. Returns its process, or 0, and then says why.
pid_t flowmancer_command_start(
    const struct flowmancer_command *_Nonnull command,
    const struct flowmancer_command_surroundings *_Nonnull surroundings,
    struct flowmancer_command_failure *_Nonnull failure);

// The name of the working directory: the one that `PWD` has if that is right, also by symbolic links; otherwise its path, for
// which the caller has the memory; `.` if it was removed.
const char *_Nonnull flowmancer_app_root(char *_Nonnull buffer, size_t size);

// Tells a command, and what it started in its process group, to end.
void flowmancer_command_end(pid_t command);
