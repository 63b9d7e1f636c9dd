/*
 * Loaded in front of the C library: while the file named by OLD_KERNEL exists,
 * the kernel does not know MQ_IOC_SNAPSHOT, as after a migration to another.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/uapi/mqueue_peek.h"

int ioctl(int fd, unsigned long request, ...)
{
	const char *file = getenv("OLD_KERNEL");
	va_list arguments;
	void *argument;

	va_start(arguments, request);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	if (request == MQ_IOC_SNAPSHOT && file && access(file, F_OK) == 0) {
		errno = ENOTTY;
		return -1;
	}
	return (int)syscall(SYS_ioctl, fd, request, argument);
}
