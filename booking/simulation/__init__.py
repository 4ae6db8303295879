"""A season simulated: citizens book, move and cancel, executives visit, processes are killed; then it is checked."""
