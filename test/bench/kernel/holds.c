/*
 * How long a look holds the lock of a queue, for the worst of each kind, on a
 * kernel with lock-hold.patch, which writes that down at each look.
 */
#define _GNU_SOURCE
#include "bench.h"

#define LAST_HOLD	"/sys/module/mqueue/parameters/last_hold"

static double last_hold(void)
{
	FILE *file = fopen(LAST_HOLD, "r");
	double ticks;

	check(file && fscanf(file, "%lf", &ticks) == 1, LAST_HOLD);
	fclose(file);
	return ticks;
}

/* The first look is for what is done once, such as to fault in a buffer. */
static double hold_of_snapshot(mqd_t queue)
{
	check(take_snapshot(queue) == 0 && take_snapshot(queue) == 0, "snapshot");
	return last_hold();
}

/* That of a look at an index when the one before was at another. */
static double hold_of_look(mqd_t queue, unsigned long before, unsigned long index)
{
	for (int i = 0; i < 2; i++) {
		check(by_fcntl(queue, before) >= 0, "look before");
		check(by_fcntl(queue, index) >= 0, "look");
	}
	return last_hold();
}

#define LARGEST	(16 << 20)

static double hold_of_largest(void)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = LARGEST };
	mqd_t queue = mq_open("/bench", O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	struct mq_peek_attr peek = { .buf_len = LARGEST, .buf = calloc(LARGEST, 1) };

	check(queue >= 0 && peek.buf, "largest queue");
	mq_unlink("/bench");
	check(mq_send(queue, peek.buf, LARGEST, 0) == 0, "mq_send");
	check(fcntl(queue, F_MQ_PEEK, &peek) == LARGEST, "look");
	mq_close(queue);
	free(peek.buf);
	return last_hold();
}

int main(void)
{
	mqd_t one, page, all;

	lift_queue_limit();
	one = new_queue(MAX_MESSAGES);
	fill(one, MAX_MESSAGES, 1);
	report("snapshot_of_1", hold_of_snapshot(one));
	report("warm_index", hold_of_look(one, MAX_MESSAGES / 2 - 1, MAX_MESSAGES / 2));
	/* as far as can be from both ends and from the last look */
	report("cold_index_of_65536", hold_of_look(one, 0, MAX_MESSAGES / 2));
	mq_close(one);

	page = new_queue(MQ_SNAPSHOT_MAX);
	fill(page, MQ_SNAPSHOT_MAX, MQ_SNAPSHOT_MAX);
	report("snapshot_page", hold_of_snapshot(page));
	mq_close(page);

	/* the page of a queue with all priorities is found first */
	all = new_queue(MAX_MESSAGES);
	fill(all, MAX_MESSAGES, PRIORITIES);
	report("snapshot_page_of_32768", hold_of_snapshot(all));
	report("cold_index_of_32768_priorities", hold_of_look(all, 0, MAX_MESSAGES - 1));
	mq_close(all);
	report("largest_message", hold_of_largest());
	return 0;
}
