/* The race checker_scenario in Promela, for SPIN: the threads of src/races/checker_scenario.ts, step for step.
 *
 * One transition is one access to shared memory. What a thread does on its own is part of an access: a loop asks
 * whether it goes on in the guard of the access that comes next, so that asking is no step. Threads wait at their last
 * label instead of dying, since SPIN counts a death as a step; the last to arrive judges the end. Who has arrived
 * has forgotten what it knew, so that two ends of one thread are not two states.
 *
 *   spin -a -DREADERS=1 -DTAKERS=0 -DPAGES=3 -DBUGGY bench/scenario.pml && gcc -O2 -DSAFETY -o pan pan.c && ./pan
 *
 * READERS, TAKERS: how many there are beside the splitter. PAGES: 2 to 4. BUGGY: a reader that meets the BUG stops the
 * run; FIX: readers skip migration entries; neither: they pass over the BUG. FORGETFUL: what a thread knows is
 * forgotten when it is used for the last time, and not only at the end: as few states as this way of writing it can have.
 */

#define PRESENT   1
#define MIGRATION 2

#ifdef FIX
#define SKIPPED(entry) (entry == MIGRATION)
#else
#define SKIPPED(entry) false
#endif

#ifdef BUGGY
#define BUG() assert(false)
#else
#define BUG() skip
#endif

#ifdef FORGETFUL
#define FORGET(local) local = 0
#else
#define FORGET(local) skip
#endif

/* SPIN wants plain numbers in a list of first values. */
#if PAGES == 2
#define ALL_REFERENCES 3
#elif PAGES == 3
#define ALL_REFERENCES 4
#elif PAGES == 4
#define ALL_REFERENCES 5
#endif

#define LAST    (PAGES - 1)
#define THREADS (1 + READERS + TAKERS)

/* ch[i]: sub-page i is a tail (nobody asks of 0). head, dm, cm: the flags and the count of the whole. */
bit PL, AV, PTL;
bit head = 1, dm = 1, cm;
byte pte[PAGES] = PRESENT;
byte map[PAGES] = 1;
byte ref[PAGES] = {ALL_REFERENCES, 0};
bit ch[PAGES] = 1;

/* Not shared by the threads: how many of them have arrived. */
byte arrived;

#define LOCK(lock) d_step { !lock -> lock = 1 }
/* A read that nothing depends on. */
#define READ(word) word >= 0

/* Of up to four sub-pages, these are all. */
#define TAILS(count) (ref[1] == count && ref[PAGES / 2] == count && ref[LAST] == count)
#define SPLIT        (ref[0] == 2 && TAILS(1))
#define WHOLE        (ref[0] == PAGES + 1 && TAILS(0))

/* References are conserved. */
inline arrive() {
  arrived++;
  assert(arrived < THREADS || SPLIT || WHOLE)
}

/* Freezes the counts, takes the tails apart, and maps what has become of them. */
active proctype S() {
  byte i;
  bit frozen;

  LOCK(PL);
  LOCK(AV);

  /* unmap */
  do
  :: d_step { i < PAGES && !PTL -> PTL = 1 };
     pte[i] = MIGRATION;
     map[i]--;
     ref[0]--;
     d_step { PTL = 0; i++ }
  :: d_step { i == PAGES && ref[0] == 1 -> ref[0] = 0; frozen = 1; i = LAST } -> break
  :: d_step { i == PAGES && ref[0] != 1 -> i = 0 } -> goto remap
  od;

  /* shatter */
  do
  :: d_step { i > 0 -> ch[i] = 0 };
     d_step { ref[i] = 1; i-- }
  :: d_step { i == 0 -> dm = 0 } -> break
  od;
  head = 0;
  ref[0] = 1;

remap:
  do
  :: d_step { i < PAGES && !PTL -> PTL = 1 };
     pte[i] = PRESENT;
     map[i]++;
     ref[(frozen -> i : 0)]++;
     d_step { PTL = 0; i++ }
  :: d_step { i == PAGES && frozen -> ref[1]--; i = 2 } -> break
  :: d_step { i == PAGES && !frozen -> AV = 0 } -> goto unlock
  od;

  do
  :: d_step { i < PAGES -> ref[i]--; i++ }
  :: d_step { i == PAGES -> AV = 0 } -> break
  od;

unlock:
  /* SPIN lets nobody jump to a d_step, but to the if around it. */
  if
  :: d_step { PL = 0; i = 0; frozen = 0; arrive() }
  fi;
end:
  false
}

/* Reads the mapcount of every entry, under the lock of the table. */
active [READERS] proctype R() {
  byte i;

  LOCK(PTL);
next:
  do
  :: d_step { i < PAGES && SKIPPED(pte[i]) -> i++ }
  :: i < PAGES && !SKIPPED(pte[i]) ->
     READ(map[i]);
     /* Is it compound? */
     if
     :: d_step { i == 0 && !head -> i++ } -> goto next
     :: d_step { i > 0 && !ch[i] -> i++ } -> goto next
     :: i == 0 && head -> goto whole
     :: i > 0 && ch[i]
     fi;
     if
     :: d_step { !ch[i] -> BUG(); i++ } -> goto next
     :: ch[i]
     fi;
whole:
     READ(cm);
     if
     :: d_step { !head -> BUG(); i++ } -> goto next
     :: head
     fi;
     d_step { READ(dm) -> i++ }
  :: d_step { i == PAGES -> PTL = 0; i = 0; arrive() } -> break
  od;
end:
  false
}

/* Takes a reference to the last entry's page and puts it back, as GUP-fast does: no lock, no loop. */
#if TAKERS > 0
active [TAKERS] proctype G() {
  byte page, count;

  if
  :: d_step { pte[LAST] != PRESENT -> arrive() } -> goto end
  :: pte[LAST] == PRESENT
  fi;
  if
  :: ch[LAST]
  :: d_step { !ch[LAST] -> page = LAST }
  fi;
  if
  :: d_step { ref[page] == 0 -> page = 0; arrive() } -> goto end
  :: d_step { ref[page] > 0 -> count = ref[page] }
  fi;
  if
  :: d_step { ref[page] == count -> ref[page]++; FORGET(count) }
  :: d_step { ref[page] != count -> page = 0; count = 0; arrive() } -> goto end
  fi;
  if
  :: pte[LAST] == PRESENT -> READ(ch[LAST])
     d_step { assert(ref[page] > 0); ref[page]--; page = 0; count = 0; arrive() }
  :: pte[LAST] != PRESENT ->
     d_step { ref[page]--; page = 0; count = 0; arrive() }
  fi;
end:
  false
}
#endif
