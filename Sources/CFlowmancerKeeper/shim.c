// The shim at work. It is the subreaper of its command: what that leaves behind is told apart from what others leave.
#define _GNU_SOURCE
#include "keeper_private.h"
#include "output_file.h"
#include "shim.h"
#include "worker.h"

#include <command.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// The memory for a command. Few are larger than this.
enum { USUAL_MEMORY = 1 << 16 };

// A command that has arrived and has not ended, or room for one.
struct place {
    char *bytes;
    size_t capacity;
    bool is_taken;
    // Whether it was told to end.
    bool is_to_end;
};

struct shim {
    struct flowmancer_command_surroundings surroundings;
    const sigset_t *signals;
    // For what the command in hand publishes.
    struct flowmancer_output_file output_file;
    // The command in hand, and the one that begins when that has ended. The second place takes no memory until it is used.
    struct place present, next;
};

static void resize(struct place *place, size_t capacity) {
    if (place->capacity == capacity) {
        return;
    }
    if (place->capacity > 0) {
        munmap(place->bytes, place->capacity);
    }
    place->capacity = capacity;
    place->bytes = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place->bytes == MAP_FAILED) {
        _exit(1);
    }
}

static const struct flowmancer_command *command_at(const struct place *place) {
    return (const struct flowmancer_command *)place->bytes;
}

static bool is_at(const struct place *place, uint64_t attempt) {
    return place->is_taken && command_at(place)->attempt == attempt;
}

// The engine closes the connection of a worker that is idle, or when the run is over.
static _Noreturn void leave(bool is_idle) {
    if (!is_idle) {
        _exit(FLOWMANCER_DISCONNECTED_EXIT);
    }
    if (flowmancer_has_children() == 0) {
        flowmancer_leave_nothing_behind();
    }
    _exit(0);
}

// Receives so many bytes, or none if there are none and that is not waited for. Returns whether they are there.
static bool receive(void *bytes, size_t size, int flags, bool is_idle) {
    for (size_t received = 0; received < size;) {
        ssize_t count = recv(FLOWMANCER_SOCKET, (char *)bytes + received, size - received, received > 0 ? 0 : flags);
        if (count > 0) {
            received += (size_t)count;
        } else if (count < 0 && errno == EAGAIN) {
            return false;
        } else if (count == 0 || errno != EINTR) {
            leave(is_idle);
        }
    }
    return true;
}

static void send_report(
    struct flowmancer_command_report *report,
    const struct flowmancer_command_failure *failure,
    struct flowmancer_outputs outputs) {
    const char *subject = failure->subject != NULL ? failure->subject : "";
    const char *detail = failure->detail != NULL ? failure->detail : "";
    struct iovec parts[] = {
        {report, sizeof *report},
        {(char *)subject, strlen(subject) + 1},
        {(char *)detail, strlen(detail) + 1},
        {outputs.bytes, outputs.bytes != NULL ? outputs.size : 0}};
    report->outputs = outputs.size;
    report->size = (uint32_t)(parts[0].iov_len + parts[1].iov_len + parts[2].iov_len + parts[3].iov_len);
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 4};
    ssize_t sent;
    do {
        // It waits for room, and is sent whole.
        sent = sendmsg(FLOWMANCER_SOCKET, &message, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        leave(false);
    }
}

// Whether a message can be what its header says. No room is made for one that cannot.
static bool is_possible(const struct flowmancer_command *header) {
    if (header->size < sizeof *header || header->input > header->size - sizeof *header) {
        return false;
    }
    if (header->kind != FLOWMANCER_RUN_COMMAND) {
        return header->size == sizeof *header;
    }
    uint64_t texts = (uint64_t)header->words + header->shell_words + header->changes + header->has_directory;
    // Each of them takes a byte or more.
    return header->words > 0 && texts <= header->size - sizeof *header - header->input;
}

// Whether the texts of a command end within it.
static bool is_whole(const struct flowmancer_command *command) {
    uint64_t missing = (uint64_t)command->words + command->shell_words + command->changes + command->has_directory;
    const char *text = (const char *)(command + 1), *end = (const char *)command + command->size - command->input;
    for (; missing > 0 && text != NULL; missing -= 1) {
        text = memchr(text, 0, (size_t)(end - text));
        text = text != NULL ? text + 1 : NULL;
    }
    return text != NULL;
}

// Takes in a command whose header has arrived.
static void take(struct shim *shim, const struct flowmancer_command *header) {
    struct place *place = shim->present.is_taken ? &shim->next : &shim->present;
    if (place->is_taken) {
        leave(false);
    }
    size_t room = flowmancer_command_room(header, &shim->surroundings);
    resize(place, room > USUAL_MEMORY ? room : USUAL_MEMORY);
    memcpy(place->bytes, header, sizeof *header);
    receive(place->bytes + sizeof *header, header->size - sizeof *header, 0, false);
    if (!is_whole(command_at(place))) {
        leave(false);
    }
    place->is_taken = true;
    place->is_to_end = false;
}

// Takes in the next message of the engine; none if there is none and that is not waited for. Returns whether there was one.
static bool hear(struct shim *shim, int flags) {
    struct flowmancer_command header;
    if (!receive(&header, sizeof header, flags, !shim->present.is_taken)) {
        return false;
    }
    if (!is_possible(&header)) {
        leave(false);
    }
    // What is said of a command that is not there came too late.
    if (header.kind == FLOWMANCER_RUN_COMMAND) {
        take(shim, &header);
    } else if (header.kind == FLOWMANCER_RECALL_COMMAND && is_at(&shim->next, header.attempt)) {
        shim->next.is_taken = false;
        struct flowmancer_command_report report = {.attempt = header.attempt, .was_returned = true};
        struct flowmancer_command_failure none = {.problem = FLOWMANCER_COMMAND_STARTED};
        send_report(&report, &none, (struct flowmancer_outputs){NULL, 0});
    } else if (header.kind == FLOWMANCER_END_COMMAND) {
        shim->present.is_to_end |= is_at(&shim->present, header.attempt);
        shim->next.is_to_end |= is_at(&shim->next, header.attempt);
    }
    return true;
}

// Waits for the end of a command, and collects the orphans that end before it.
static void await(pid_t command, struct shim *shim, struct flowmancer_command_report *report) {
    // What is just ending is not left behind.
    enum { PATIENCE_MS = 3 };
    bool has_ended = false;
    int64_t deadline = 0;
    for (;;) {
        int status;
        pid_t child;
        while ((child = waitpid(-1, &status, WNOHANG)) > 0) {
            if (child == command) {
                has_ended = true;
                report->status = status;
            }
        }
        if (has_ended && (child < 0 || (deadline > 0 && flowmancer_now() >= deadline))) {
            report->has_leftovers = child == 0;
            return;
        }
        if (has_ended) {
            struct timespec pause = {0, 1000000};
            deadline = deadline > 0 ? deadline : flowmancer_now() + PATIENCE_MS;
            ppoll(NULL, 0, &pause, shim->signals);
            continue;
        }
        struct pollfd source = {FLOWMANCER_SOCKET, POLLIN, 0};
        if (ppoll(&source, 1, NULL, shim->signals) > 0) {
            hear(shim, MSG_DONTWAIT);
        }
        if (shim->present.is_to_end && !report->was_told_to_end) {
            report->was_told_to_end = true;
            flowmancer_command_end(command);
        }
    }
}

// Has a command write to its pair of pipes.
static void select_output(struct flowmancer_command_surroundings *surroundings, const struct flowmancer_command *command) {
    int output = command->writes_to_second ? FLOWMANCER_SECOND_OUTPUT : 1;
    int errors = command->writes_to_second ? FLOWMANCER_SECOND_ERRORS : 2;
    // A command before this one may have made its output one that does not wait.
    fcntl(output, F_SETFL, 0);
    fcntl(errors, F_SETFL, 0);
    surroundings->output = command->writes_to_second ? output : -1;
    surroundings->errors = command->merges_output ? output : command->writes_to_second ? errors : -1;
}

// Runs the present command. Returns whether processes are left that it started.
static bool run(struct shim *shim) {
    const struct flowmancer_command *command = command_at(&shim->present);
    select_output(&shim->surroundings, command);
    flowmancer_output_file_prepare(&shim->output_file);
    struct flowmancer_command_report report = {.attempt = command->attempt};
    struct flowmancer_command_failure failure = {.problem = FLOWMANCER_COMMAND_STARTED};
    // The engine may want it to end by now, or be gone.
    while (hear(shim, MSG_DONTWAIT)) {
    }
    report.was_told_to_end = shim->present.is_to_end;
    if (!report.was_told_to_end) {
        pid_t pid = flowmancer_command_start(command, &shim->surroundings, &failure);
        if (pid > 0) {
            await(pid, shim, &report);
        } else {
            report.problem = failure.problem;
            report.status = failure.reason;
        }
    }
    struct flowmancer_outputs outputs = flowmancer_output_file_take(&shim->output_file);
    send_report(&report, &failure, outputs);
    flowmancer_outputs_release(outputs);
    return report.has_leftovers;
}

// Begins nothing more: the engine ends this process.
static _Noreturn void rest(void) {
    char bytes[256];
    ssize_t count;
    do {
        count = recv(FLOWMANCER_SOCKET, bytes, sizeof bytes, 0);
    } while (count > 0 || (count < 0 && errno == EINTR));
    leave(true);
}

static void note_child(int signal) {
    // It only has to interrupt ppoll.
    (void)signal;
}

void flowmancer_serve_commands(const char *app_root, const sigset_t *signals) {
    sigset_t blocked = *signals;
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    struct sigaction action = {.sa_handler = note_child};
    sigaction(SIGCHLD, &action, NULL);
    struct shim shim = {
        .surroundings = {app_root, -1, -1, NULL, true}, .signals = signals, .output_file = {.descriptor = -1}};
    shim.surroundings.variable = shim.output_file.variable;
    for (;;) {
        while (!shim.present.is_taken) {
            hear(&shim, 0);
        }
        if (run(&shim)) {
            rest();
        }
        shim.present.is_taken = false;
        // What a large command took is given back.
        resize(&shim.present, USUAL_MEMORY);
        if (shim.next.is_taken) {
            struct place held = shim.next;
            shim.next = shim.present;
            shim.present = held;
        }
    }
}
