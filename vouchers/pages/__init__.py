"""Pages of the voucher floor, by who they are for."""
