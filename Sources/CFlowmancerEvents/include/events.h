// The system's calls to wait for descriptors, which the Swift module of the C library leaves out.
#pragma once

#include <sys/epoll.h>
#include <sys/eventfd.h>
