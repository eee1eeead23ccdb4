// The least that handing out work to processes costs: message-floor COUNT sends that many messages of 32 bytes to two
// worker processes, which send them back. Each always has one message under way.
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, LENGTH = 32 };

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static _Noreturn void work(int socket) {
    char message[LENGTH];
    while (read(socket, message, LENGTH) == LENGTH && write(socket, message, LENGTH) == LENGTH) {
    }
    _exit(0);
}

static int start_worker(void) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        fail("socketpair");
    }
    pid_t pid = fork();
    if (pid < 0) {
        fail("fork");
    }
    if (pid == 0) {
        close(ends[0]);
        work(ends[1]);
    }
    close(ends[1]);
    return ends[0];
}

int main(int count, char **arguments) {
    int wanted = count > 1 ? atoi(arguments[1]) : 1000;
    int sent = 0, received = 0;
    int events = epoll_create1(EPOLL_CLOEXEC);
    int sockets[WORKERS];
    char message[LENGTH] = {0};
    for (int index = 0; index < WORKERS; index += 1) {
        sockets[index] = start_worker();
        struct epoll_event event = {.events = EPOLLIN, .data.fd = sockets[index]};
        if (epoll_ctl(events, EPOLL_CTL_ADD, sockets[index], &event) != 0) {
            fail("epoll_ctl");
        }
    }
    for (int index = 0; index < WORKERS && sent < wanted; index += 1) {
        if (write(sockets[index], message, LENGTH) != LENGTH) {
            fail("write");
        }
        sent += 1;
    }
    while (received < wanted) {
        struct epoll_event ready[WORKERS];
        int ready_count = epoll_wait(events, ready, WORKERS, -1);
        for (int index = 0; index < ready_count; index += 1) {
            if (read(ready[index].data.fd, message, LENGTH) != LENGTH) {
                fail("read");
            }
            received += 1;
            if (sent < wanted) {
                if (write(ready[index].data.fd, message, LENGTH) != LENGTH) {
                    fail("write");
                }
                sent += 1;
            }
        }
    }
    for (int index = 0; index < WORKERS; index += 1) {
        close(sockets[index]);
    }
    while (wait(NULL) > 0) {
    }
    return 0;
}
