package registration

// Dot picks the dot that stands for the person in a picture of the hall, from 1. It
// is not a reserved seat; it only stays the same from time to time.
func (r Registration) Dot(taken int64) int {
	if taken < 1 {
		return 0
	}
	sum := 0
	for _, c := range []byte(r.ID) {
		sum = sum*31 + int(c)
	}
	return 1 + (sum&0x7fffffff)%int(taken)
}
