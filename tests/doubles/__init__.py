"""Partners of the diary played on this machine: real protocols, test pages, troubles that can be chosen."""
