/*
 * What the calls return on a kernel without one of the options they depend on,
 * which the environment names in WITHOUT.  TAP on standard output.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "mqueue_peek.h"

static int count;
static int failed;

static void fact(int holds, const char *text)
{
	count++;
	failed += !holds;
	printf("%sok %d - %s\n", holds ? "" : "not ", count, text);
}

static int fails_with(int error, long result)
{
	if (result == -1 && errno == error)
		return 1;
	printf("# returned %ld, errno %d (%s)\n", result, errno, strerror(errno));
	return 0;
}

static long peek(int queue, unsigned int flags)
{
	char text[64];
	struct mq_timedreceive2_args args = { .msg_len = sizeof(text), .msg_ptr = text };

	return syscall(__NR_mq_timedreceive2, queue, &args, flags, 0, NULL);
}

static void without_posix_mqueue(void)
{
	int file = open("/dev/null", O_RDWR);
	struct mq_snapshot snapshot = { .below = 32768 };
	char text[64];
	struct mq_peek_attr attr = { .buf_len = sizeof(text), .buf = text };

	fact(fails_with(ENOSYS, peek(file, MQ_PEEK)), "mq_timedreceive2 with MQ_PEEK is ENOSYS");
	fact(fails_with(ENOSYS, peek(file, 0)), "mq_timedreceive2 is ENOSYS");
	fact(fails_with(EINVAL, fcntl(file, F_MQ_PEEK, &attr)), "F_MQ_PEEK is EINVAL");
	fact(fails_with(ENOTTY, ioctl(file, MQ_IOC_SNAPSHOT, &snapshot)), "MQ_IOC_SNAPSHOT is ENOTTY");
	close(file);
}

struct message {
	long type;
	char text[8];
};

static void without_sysvipc(void)
{
	struct message message;

	fact(fails_with(ENOSYS, msgget(IPC_PRIVATE, 0600)), "msgget is ENOSYS");
	fact(fails_with(ENOSYS, msgrcv(0, &message, 8, 0, MSG_COPY | IPC_NOWAIT)), "MSG_COPY is ENOSYS");
}

static void without_checkpoint_restore(void)
{
	struct message message = { .type = 1, .text = "one" };
	int queue = msgget(IPC_PRIVATE, 0600);

	fact(msgsnd(queue, &message, 3, 0) == 0, "a message can be sent");
	fact(fails_with(ENOSYS, msgrcv(queue, &message, 8, 0, MSG_COPY | IPC_NOWAIT)), "MSG_COPY is ENOSYS");
	fact(msgrcv(queue, &message, 8, 0, IPC_NOWAIT) == 3, "the message can be received");
	msgctl(queue, IPC_RMID, NULL);
}

static void without_compat(void)
{
	char *const arguments[] = { "absent_32", NULL };

	fact(fails_with(ENOEXEC, execv("./absent_32", arguments)), "a 32-bit program cannot be run");
}

int main(void)
{
	static const struct {
		const char *name;
		void (*check)(void);
	} options[] = {
		{ "posix-mqueue", without_posix_mqueue },
		{ "sysvipc", without_sysvipc },
		{ "checkpoint-restore", without_checkpoint_restore },
		{ "compat", without_compat },
	};
	const char *without = getenv("WITHOUT");

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (without && !strcmp(without, options[i].name))
			options[i].check();
	if (!count)
		fprintf(stderr, "WITHOUT=%s is no option known here\n", without ? without : "");
	printf("1..%d\n", count);
	return failed || !count;
}
