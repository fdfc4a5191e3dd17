// teacher-only
// loses: stays
// because: the faults come when the page has arrived.

// cell 30
export const stays = "migration_vs_fault~faults-2~passes-2~05zm5591~ca3b3c187";
