/* What GCC's C++ library wants of glibc and musl has not: its own flag for one thread, the finder of unwind tables, random numbers. */
#define _GNU_SOURCE
#include <link.h>
#include <sys/random.h>
#include <unistd.h>

int __libc_single_threaded = 0;
__attribute__((visibility("hidden"))) void *__dso_handle = &__dso_handle; /* which library this is; the compiler's start files would say it */

struct question { unsigned long pc; struct dl_find_object *out; int ok; };

static int look(struct dl_phdr_info *info, size_t size, void *data) {
  struct question *q = data;
  unsigned long low = 0, high = 0, frames = 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    unsigned long from = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr, to = from + info->dlpi_phdr[i].p_memsz;
    if (info->dlpi_phdr[i].p_type == PT_LOAD && q->pc >= from && q->pc < to) { low = from; high = to; }
    if (info->dlpi_phdr[i].p_type == PT_GNU_EH_FRAME) frames = from;
  }
  if (!high || !frames) return 0;
  *q->out = (struct dl_find_object){ .dlfo_map_start = (void *)low, .dlfo_map_end = (void *)high, .dlfo_eh_frame = (void *)frames };
  q->ok = 1;
  return 1;
}

int _dl_find_object(void *pc, struct dl_find_object *out) {
  struct question q = { (unsigned long)pc, out, 0 };
  dl_iterate_phdr(look, &q);
  return q.ok ? 0 : -1;
}

unsigned arc4random(void) {
  unsigned number = 0;
  return getentropy(&number, sizeof number) == 0 ? number : 0;
}

unsigned long getauxval(unsigned long type);

unsigned long __getauxval(unsigned long type) {
  return getauxval(type);
}
