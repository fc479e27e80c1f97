"""Who waits for an earlier time, what came free, and what each of them could be given.

What came free is not stored anywhere: it is read from what was cancelled or moved within the last
day. So nothing that gives time back can forget to say so, an Undo takes the news back with the
time, and a time that was given away again is gone from the list. New hours, a closure that was
removed and all older gaps leave no such trace; they are found from the other side: each row of the
list says which free time is the first that its patient would take.
"""
