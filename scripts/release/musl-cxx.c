/* What GCC's C++ library wants of glibc and musl has not: its own flag for one thread, the finder of unwind tables, random numbers. */
#define _GNU_SOURCE
#include <link.h>
#include <unistd.h>

int __libc_single_threaded = 0;

struct found { unsigned long long flags; void *start, *end, *map, *frames; unsigned long long reserved[7]; };
struct question { unsigned long pc; struct found *out; int ok; };

static int look(struct dl_phdr_info *info, size_t size, void *data) {
  struct question *q = data;
  unsigned long low = 0, high = 0, frames = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    unsigned long from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, to = from + info->dlpi_phdr[i].p_memsz;
    if (info->dlpi_phdr[i].p_type == PT_LOAD && q->pc >= from && q->pc < to) { low = from; high = to; }
    if (info->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME) frames = from;
  }
  if (!high || !frames) return 0;
  *q->out = (struct found){ .start = (void *)low, .end = (void *)high, .frames = (void *)frames };
  q->ok = 1;
  return 1;
}

int _dl_find_object(void *pc, struct found *out) {
  struct question q = { (unsigned long)pc, out, 0 };
  dl_iterate_phdr(look, &q);
  return q.ok ? 0 : -1;
}

unsigned arc4random(void) {
  unsigned number = 0;
  return getentropy(&number, sizeof number) == 0 ? number : 0;
}
