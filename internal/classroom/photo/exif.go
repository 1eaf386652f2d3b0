package photo

import (
	"bytes"
	"encoding/binary"
)

// segments hands over the parts of a JPEG up to its picture, until use says that it has seen enough (ITU-T T.81, B.1.1).
func segments(data []byte, use func(marker byte, content []byte) bool) {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker := data[at+1]
		if marker == 0xff { // a byte that fills
			at++
			continue
		}
		end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || end < at+4 || end > len(data) { // the picture begins
			return
		}
		if !use(marker, data[at+4:end]) {
			return
		}
		at = end
	}
}

// orientation returns in which of the eight orientations a JPEG or PNG was taken, 1 where it does not say.
func orientation(data []byte) int {
	tiff := []byte(nil)
	if bytes.HasPrefix(data, []byte("\x89PNG")) {
		tiff = ofPNG(data)
	} else {
		segments(data, func(marker byte, content []byte) bool {
			found, is := bytes.CutPrefix(content, []byte("Exif\x00\x00"))
			if marker == 0xe1 && is {
				tiff = found
			}
			return tiff == nil
		})
	}
	return ofTIFF(tiff)
}

// ofPNG returns the Exif of a PNG, which stands before its picture (PNG third edition, 11.3.3.2).
func ofPNG(data []byte) []byte {
	for at := 8; at+12 <= len(data); {
		length := int(binary.BigEndian.Uint32(data[at:]))
		if length > len(data)-at-12 {
			return nil
		}
		switch string(data[at+4 : at+8]) {
		case "eXIf":
			return data[at+8 : at+8+length]
		case "IDAT":
			return nil
		}
		at += 12 + length
	}
	return nil
}

// ofTIFF reads tag 274 of the first directory (TIFF 6.0, section 2).
func ofTIFF(tiff []byte) int {
	const upright, tag, short = 1, 274, 3
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return upright
	}
	for i := range int(order.Uint16(tiff[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > len(tiff) {
			return upright
		}
		if order.Uint16(tiff[entry:]) == tag && order.Uint16(tiff[entry+2:]) == short {
			if value := int(order.Uint16(tiff[entry+8:])); value >= 1 && value <= 8 {
				return value
			}
		}
	}
	return upright
}
