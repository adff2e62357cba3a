% Writes the family of write.py in the ways of Octave: cd DIRECTORY && octave-cli write.m
[m, k, s, c] = ndgrid(1:2, 1:3, 1:5, 1:2);
X = 400*m + 100*k + 10*s + c;
dX = -X;
t = 0:0.5:2;
mu = [7; 8];
clear m k s c
save -v7 octave_v7.mat X dX t mu
save -v6 octave_v6.mat X dX t mu
save -hdf5 octave.h5 X dX t mu
cells = {X(:, :, 1, 1), [1 2 3]};
part.column = (1:3)';
small = int16([-1 2; 3 4]);
single_ = single([0.5 0.25]);
flag = true;
text = 'hello';
empty = [];
save -v7 octave_kinds.mat cells part small single_ flag text empty
save -hdf5 octave_kinds.h5 cells part small single_ flag text empty
