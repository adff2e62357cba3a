# Writes the family of write.py in the ways of R: cd DIRECTORY && Rscript write.R
table <- expand.grid(s = 1:5, motion = 1:3, member = 1:2)
q <- 400 * table$member + 100 * table$motion + 10 * table$s + 1
table <- data.frame(member = table$member, motion = table$motion, t = (table$s - 1) / 2, q = q, p = q + 1, dq = -q, dp = -q - 1, mu = table$member + 6)
write.csv(table, "r_write_csv.csv")
write.table(table, "r_write_table.txt", row.names = FALSE)
table$q[2] <- NA
write.csv(table, "r_missing.csv", row.names = FALSE)
write.csv2(table, "r_decimal_commas.csv", row.names = FALSE)
