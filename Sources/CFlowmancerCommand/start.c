// The start of a command.
#define _GNU_SOURCE
#include "command_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// What a new process becomes.
struct image {
    const char *path;
    char **words, **environment;
    // -1 where it is that of this process.
    int directory, input, output, errors;
    // The signals that are ignored or have a handler here.
    sigset_t changed;
};

// In the new process, which has the memory of the old one: only calls of the system, and nothing is written but the reason why
// it fails.
static _Noreturn void become(const struct image *image, volatile int *reason) {
    setpgid(0, 0);
    bool is_ready = (image->directory < 0 || fchdir(image->directory) == 0) && (image->input < 0 || dup2(image->input, 0) >= 0)
        && (image->output < 0 || dup2(image->output, 1) >= 0) && (image->errors < 0 || dup2(image->errors, 2) >= 0);
    if (is_ready) {
        for (int signal = 1; signal < NSIG; signal += 1) {
            if (sigismember(&image->changed, signal) == 1) {
                struct sigaction action = {.sa_handler = SIG_DFL};
                sigaction(signal, &action, NULL);
            }
        }
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(image->path, image->words, image->environment);
    }
    *reason = errno;
    _exit(127);
}

// Starts a process. Returns it, or the negative of an errno.
static pid_t launch(const struct image *image) {
    // No handler of this process may run in the new one.
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    volatile int reason = 0;
    // This thread goes on once the program is there, or has failed.
    pid_t pid = vfork();
    if (pid == 0) {
        become(image, &reason);
    }
    int code = pid < 0 ? errno : reason;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (pid > 0 && code != 0) {
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    return code == 0 ? pid : -code;
}

static sigset_t changed_signals(void) {
    sigset_t changed;
    sigemptyset(&changed);
    for (int signal = 1; signal < NSIG; signal += 1) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            sigaddset(&changed, signal);
        }
    }
    return changed;
}

// Returns a file in memory with a text, to be read from its beginning, or -1 with errno.
static int file_with(const char *text, size_t length) {
    int file = memfd_create("standard input", MFD_CLOEXEC);
    for (size_t written = 0; file >= 0 && written < length;) {
        ssize_t count = write(file, text + written, length - written);
        if (count < 0 && errno != EINTR) {
            int reason = errno;
            close(file);
            errno = reason;
            return -1;
        }
        written += count > 0 ? (size_t)count : 0;
    }
    if (file >= 0) {
        lseek(file, 0, SEEK_SET);
    }
    return file;
}

// Opens what the command reads: its text, or nothing; -1 for what this process has.
static bool open_input(
    const struct flowmancer_command *command, const char *text, bool is_clean, int *input) {
    *input = -1;
    if (command->has_input) {
        *input = file_with(text, command->input);
    } else if (!is_clean) {
        *input = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } else {
        return true;
    }
    return *input >= 0;
}

// Starts the program that the first of some words names.
static pid_t start_words(
    char **words, struct image *image, struct flowmancer_arena *arena, struct flowmancer_command_failure *failure) {
    int directory = image->directory >= 0 ? image->directory : AT_FDCWD;
    image->path = flowmancer_command_find(words[0], image->environment, directory, arena, failure);
    if (image->path == NULL) {
        return 0;
    }
    image->words = words;
    pid_t pid = launch(image);
    if (pid < 0) {
        flowmancer_command_explain(image->path, -pid, directory, arena, failure);
    }
    return pid > 0 ? pid : 0;
}

pid_t flowmancer_command_start(
    const struct flowmancer_command *command,
    const struct flowmancer_command_surroundings *surroundings,
    struct flowmancer_command_failure *failure) {
    struct flowmancer_arena arena = {(char *)command + command->size};
    struct flowmancer_command_parts parts = flowmancer_command_take_apart(command, &arena);
    struct image image = {.directory = -1, .input = -1, .output = surroundings->output, .errors = surroundings->errors};
    const char *name = surroundings->app_root;
    if (parts.directory != NULL) {
        image.directory = open(parts.directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (image.directory < 0) {
            bool lacks_room = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
            *failure = (struct flowmancer_command_failure){
                lacks_room ? FLOWMANCER_COMMAND_NO_STREAM : FLOWMANCER_COMMAND_MISSING_DIRECTORY, errno, parts.directory, NULL};
            return 0;
        }
        name = flowmancer_command_directory_name(image.directory, parts.directory, surroundings->app_root, &arena);
    }
    image.environment = flowmancer_command_environment(parts.changes, surroundings->variable, name, &arena);
    if (surroundings->is_clean) {
        // A shim waits for its children, and has changed nothing else.
        sigemptyset(&image.changed);
        sigaddset(&image.changed, SIGCHLD);
    } else {
        image.changed = changed_signals();
    }
    pid_t pid = 0;
    if (open_input(command, parts.input, surroundings->is_clean, &image.input)) {
        pid = start_words(parts.words, &image, &arena, failure);
        // A script without a first line that says what runs it: shells run it themselves.
        if (pid == 0 && failure->reason == ENOEXEC && command->shell_words > 0) {
            pid = start_words(parts.shell_words, &image, &arena, failure);
        }
    } else {
        *failure = (struct flowmancer_command_failure){FLOWMANCER_COMMAND_NO_STREAM, errno, NULL, NULL};
    }
    if (pid > 0) {
        *failure = (struct flowmancer_command_failure){.problem = FLOWMANCER_COMMAND_STARTED};
    }
    if (image.input >= 0) {
        close(image.input);
    }
    if (image.directory >= 0) {
        close(image.directory);
    }
    return pid;
}

void flowmancer_command_end(pid_t command) {
    kill(-command, SIGTERM);
    // What is stopped would hear of it only when it goes on.
    kill(-command, SIGCONT);
}
