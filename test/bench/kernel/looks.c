/* What the calls of the series cost. */
#define _GNU_SOURCE
#include "bench.h"

#define ROUNDS	2000

static int get_attr(mqd_t queue)
{
	struct mq_attr attr;

	return mq_getattr(queue, &attr);
}

typedef long look(mqd_t queue, unsigned long index);

static long scan(mqd_t queue, look *at, unsigned long messages)
{
	for (unsigned long i = 0; i < messages; i++)
		check(at(queue, i) >= 0, "look");
	return 0;
}

static void bench_scan(const char *name, look *at)
{
	mqd_t few = new_queue(100), many = new_queue(10000);
	char line[64];

	fill(few, 100, 1);
	fill(many, 10000, 1);
	snprintf(line, sizeof(line), "%s_scan_100_per_message", name);
	report(line, COST(20, scan(few, at, 100)) / 100);
	snprintf(line, sizeof(line), "%s_scan_10000_per_message", name);
	report(line, COST(2, scan(many, at, 10000)) / 10000);
	mq_close(few);
	mq_close(many);
}

int main(void)
{
	mqd_t ten, many;

	lift_queue_limit();
	ten = new_queue(10);
	many = new_queue(MAX_MESSAGES);
	fill(ten, 10, 10);
	fill(many, MAX_MESSAGES, 10);
	report("getattr", COST(ROUNDS, get_attr(many)));
	report("snapshot_of_10", COST(ROUNDS, take_snapshot(ten)));
	report("snapshot_of_65536", COST(ROUNDS, take_snapshot(many)));
	mq_close(many);
	bench_scan("syscall", by_syscall);
	bench_scan("fcntl", by_fcntl);
	return 0;
}
