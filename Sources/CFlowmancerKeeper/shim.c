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
struct memory {
    char *bytes;
    size_t capacity;
};
enum { USUAL_MEMORY = 1 << 16 };

static void resize(struct memory *memory, size_t capacity) {
    if (memory->capacity == capacity) {
        return;
    }
    if (memory->capacity > 0) {
        munmap(memory->bytes, memory->capacity);
    }
    memory->capacity = capacity;
    memory->bytes = mmap(NULL, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory->bytes == MAP_FAILED) {
        _exit(1);
    }
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

// Whether the engine has said that a command is to end.
static bool hears_end(uint64_t attempt) {
    struct flowmancer_command message;
    return receive(&message, sizeof message, MSG_DONTWAIT, false) && message.kind == FLOWMANCER_END_COMMAND
        && message.attempt == attempt;
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

// Waits for the end of a command, and collects the orphans that end before it.
static void await(pid_t command, const sigset_t *signals, struct flowmancer_command_report *report) {
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
            ppoll(NULL, 0, &pause, signals);
            continue;
        }
        struct pollfd source = {FLOWMANCER_SOCKET, POLLIN, 0};
        if (ppoll(&source, 1, NULL, signals) > 0 && hears_end(report->attempt)) {
            report->was_told_to_end = true;
            flowmancer_command_end(command);
        }
    }
}

static void run(
    const struct flowmancer_command *command,
    const struct flowmancer_command_surroundings *surroundings,
    struct flowmancer_output_file *output_file,
    const sigset_t *signals) {
    // A command before this one may have made its output one that does not wait.
    fcntl(1, F_SETFL, 0);
    fcntl(2, F_SETFL, 0);
    struct flowmancer_command_report report = {.attempt = command->attempt};
    struct flowmancer_command_failure failure = {.problem = FLOWMANCER_COMMAND_STARTED};
    report.was_told_to_end = hears_end(report.attempt);
    if (!report.was_told_to_end) {
        pid_t pid = flowmancer_command_start(command, surroundings, &failure);
        if (pid > 0) {
            await(pid, signals, &report);
        } else {
            report.problem = failure.problem;
            report.status = failure.reason;
        }
    }
    struct flowmancer_outputs outputs = flowmancer_output_file_take(output_file);
    send_report(&report, &failure, outputs);
    flowmancer_outputs_release(outputs);
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
    struct flowmancer_output_file output_file = {.descriptor = -1};
    struct flowmancer_command_surroundings surroundings = {app_root, -1, -1, output_file.variable, true};
    struct memory memory = {0};
    for (;;) {
        struct flowmancer_command header;
        receive(&header, sizeof header, 0, true);
        if (header.kind != FLOWMANCER_RUN_COMMAND) {
            // It came too late.
            continue;
        }
        size_t room = flowmancer_command_room(&header, &surroundings);
        resize(&memory, room > USUAL_MEMORY ? room : USUAL_MEMORY);
        memcpy(memory.bytes, &header, sizeof header);
        receive(memory.bytes + sizeof header, header.size - sizeof header, 0, false);
        surroundings.errors = header.merges_output ? 1 : -1;
        flowmancer_output_file_prepare(&output_file);
        run((struct flowmancer_command *)memory.bytes, &surroundings, &output_file, signals);
    }
}
